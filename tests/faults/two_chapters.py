"""The two chapters of the fixture `book`."""

from nqp.book.chapters import Chapter

FIRST, SECOND = Chapter("open_benchmark", "index"), Chapter("open_benchmark", "baseline")
