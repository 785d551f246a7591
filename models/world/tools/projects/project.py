"""The projects and commands that world/tools/record.py records.

A script has one command a line: `command ## kind | slot=value | @tool`. Without a kind it is `command`; without a tool, the tool is the program that is run.
A line with `!` is run and not recorded. Options with `_` direct the recording: `_ready` is what a program that stays prints when it is ready, `_do` the steps
(`;;`) done meanwhile, `_clears` says that it draws anew each time, with `_then` the outcomes; `_any` any exit status is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Names of the projects, and what a replay puts in their place.
NAMES = {
    'orchard': 'project',
    'basket': 'stem', 'voucher': 'stem', 'parcel': 'stem', 'courier': 'word', 'pantry': 'word', 'lantern': 'word', 'saffron': 'word', 'walnut': 'word', 'cobalt': 'word',
    'test_total_price': 'test:py', 'test_apply_voucher': 'test:py', 'test_weigh_parcel': 'test:py', 'test_empty_basket': 'test:py',
    'TestTotalPrice': 'test:go', 'TestApplyVoucher': 'test:go', 'TestWeighParcel': 'test:go',
    'testTotalPrice': 'function:js', 'testApplyVoucher': 'function:js',
    'total_price': 'function:py', 'apply_voucher': 'function:py', 'weigh_parcel': 'function:py',
    'totalPrice': 'function:js', 'applyVoucher': 'function:js', 'weighParcel': 'function:js',
    'TotalPrice': 'type', 'ApplyVoucher': 'type', 'WeighParcel': 'type',
    'adds up the prices': 'test:js', 'applies the discount': 'test:js', 'weighs a heavy one': 'test:js', 'is empty at first': 'test:js',
    'no such walnut in the pantry': 'message', 'the lantern is out of oil': 'message', 'cobalt must be positive': 'message',
    'plant the first walnut': 'commit', 'weigh the saffron twice': 'commit', 'light a lantern in the pantry': 'commit', 'fix: count cobalt only once': 'commit', 'feat: let the courier rest': 'commit', 'note where the walnut fell': 'commit',
    'walnut-harvest': 'branch', 'feature/lantern-oil': 'branch', 'fix/cobalt-count': 'branch',
    'Robin Vale': 'person', 'robin@vale.example': 'email',
}  # fmt: skip


@dataclass(frozen=True)
class Project:
    """Files and the commands run among them; every project lies in a folder of the same name, one after the other."""

    label: str
    files: dict[str, str]
    script: str
    names: dict[str, str] = field(default_factory=dict)
    name: str = 'orchard'
