"""What the commands share: options, arguments, and what every command does before and when it ends."""

import errno
import signal
import sys
from typing import Any

import click

JOBS = click.option("--jobs", "-j", type=click.IntRange(min=1), help="Chapters at a time, else one a core.")
CLUSTER = click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
QUICK = click.option("--quick", is_flag=True, help="Few draws and repetitions.")
TIMEOUT = click.option("--timeout", type=click.IntRange(min=1), default=600, help="Seconds a cell may take.")
PAPER = click.argument("paper", metavar="PAPER")
ANY_PAPER = click.argument("paper", required=False, metavar="[PAPER]")
PAIRS = click.option("-p", "pairs", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable.")
NEXT = dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "copy the checkout to where you may write")
NEXT |= dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space; what was finished is kept")


class Refusals(click.Group):
    """Turns the errors a reader can act on into one message and exit code 1; lets the others be seen whole."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from nqp.papers import Refusal
        from nqp.paths import other_checkout, root

        try:
            if other := other_checkout():
                raise Refusal(
                    f"you are in the checkout {other}, but this command acts on {root()}: use {other}/.venv/bin/nqp"
                    " or its `make book`"
                )
            return super().invoke(ctx)
        except (Refusal, FileNotFoundError) as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except OSError as wrong:
            if wrong.errno not in NEXT:
                raise
            raise click.ClickException(f"{wrong}; {NEXT[wrong.errno]}, then run it again") from wrong


class OnPapers(click.Command):
    """A command that begins by refusing altered data, and papers whose files do not hold together."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from nqp.book.declared import problems
        from nqp.manifest import altered

        stop_at(problems() or altered())
        return super().invoke(ctx)


class Alone(OnPapers):
    """One that writes into the checkout: no other may at the same time."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; being terminated, it clears up as when it is interrupted."""
        from nqp.book.processes import alone

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with alone(" ".join(["nqp", *sys.argv[1:]])):
            return super().invoke(ctx)


def stop_at(problems: list[str]) -> None:
    """End with these problems, if there are any."""
    if problems:
        raise click.ClickException("\n".join(problems))
