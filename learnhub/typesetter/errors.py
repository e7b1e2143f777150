"""Why a PDF cannot be made."""

from learnhub.core.errors import DomainError
from learnhub.core.text import N_


class FontsMissing(DomainError):
    """No font at hand can print Chinese. Its text says to the operator where was looked, its message tells the reader."""

    status = 501  # not 503: it does not pass by itself

    def __init__(self, where: str) -> None:
        super().__init__(
            N_("这台服务器上没有中文字体，做不出 PDF。请告诉系统管理员：安装 fonts-noto-cjk，装好就能下载。")
        )
        self.args = (where,)


class TypesetterUnavailable(DomainError):
    """The typesetter could not be started, or was killed again and again: no memory, no processes, no room in TMPDIR."""

    status = 503

    def __init__(self) -> None:
        super().__init__(N_("现在做不出 PDF，请过一会儿再试；别的格式照常可以下载。"))


class TypesettingFailed(Exception):
    """The layout and the data do not fit each other, which is a fault of the program; the text is typst's."""
