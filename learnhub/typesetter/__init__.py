"""PDFs, made by typst in a process of its own: fonts and what typst remembers would fill each process that set a paper."""
