"""What the commands of this package share: how the desk is named, how they end, and how they speak.

Each takes `--stack NAME` (its CloudFormation outputs; AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL are the SDK's own),
`--local` (the embedded run) or `--outputs FILE` (of a stack that is gone, whose data were retained), prints one line a
thing and no personal data, and ends with 0 where all is well or done, 1 where something is wrong or was refused, 2 when
the question is wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tanggap.domain.errors import Refuse, TanggapError

from .stack import OVERRIDES, Stack, WrongQuestion, connected, outputs_of


def add_stack(parser: argparse.ArgumentParser, *overrides: str) -> None:
    """`overrides`: of the options that stand in for an output. Where a command has words, they may stand before and
    behind them: what is not given leaves no default that would hide the other's."""
    group = parser.add_argument_group("which desk")
    where, none = group.add_mutually_exclusive_group(), argparse.SUPPRESS
    where.add_argument("--stack", default=none, metavar="NAME", help="a stack of this account and region")
    where.add_argument("--local", action="store_true", default=none, help="the embedded run (make run)")
    where.add_argument("--outputs", default=none, metavar="FILE", help="its outputs as JSON, where it is gone")
    for option in overrides:
        output, what = OVERRIDES[option]
        group.add_argument(f"--{option}", default=none, help=f"{what} (stack output {output})")


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what it would do, and stop")


def stack_of(given: argparse.Namespace) -> Stack:
    """Raises WrongQuestion."""
    values = {option: getattr(given, option.replace("-", "_"), "") or "" for option in OVERRIDES}
    if file := getattr(given, "outputs", ""):
        return Stack(*outputs_of(file, values))
    return connected(getattr(given, "stack", ""), getattr(given, "local", False), values)


def say(line: str) -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def ended(work: Callable[[], int]) -> int:
    """The exit code of a command. What AWS refuses is told by its code: its words may quote what was asked."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ProfileNotFound
    from pynamodb.exceptions import PynamoDBException

    try:
        return work()
    except BrokenPipeError:  # whoever read (`| head`) has seen enough; Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except WrongQuestion as error:
        complain(str(error))
        return 2
    except Refuse as error:
        complain(f"refused: {error}")
        return 1
    except TanggapError as error:
        complain(f"could not go on: {error}")
        return 1
    except (NoCredentialsError, NoRegionError, ProfileNotFound) as error:
        complain(f"AWS does not know who or where: {type(error).__name__} (set AWS_PROFILE and AWS_REGION)")
        return 2
    except ClientError as error:
        complain(f"could not go on: AWS refused {error.operation_name} ({error.response['Error']['Code']})")
        return 1
    except (BotoCoreError, PynamoDBException) as error:
        complain(f"could not go on: AWS did not answer ({type(error).__name__})")
        return 1


def instant(text: str) -> datetime:
    """A day or an instant; UTC where no zone is given."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def end(text: str) -> datetime:
    """A day means the whole of it."""
    return instant(text) + (timedelta(days=1) if len(text) == len("2026-11-30") else timedelta(0))


def age(seconds: float) -> str:
    """`3 d 4 h`, `12 min`, `40 s`: the two largest units."""
    left = max(int(seconds), 0)
    days, hours, minutes = left // 86400, left // 3600 % 24, left // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{left} s"
