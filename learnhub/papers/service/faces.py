"""Names of fonts, as Word knows them. GB/T 9704-2012 asks for these; Word takes the nearest where one is missing."""

TITLE = "方正小标宋简体"
BODY = "仿宋_GB2312"
HEAD = "黑体"
LEVEL_TWO = "楷体_GB2312"
FORM = "宋体"
