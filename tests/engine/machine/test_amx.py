"""bfloat16 must not kill the process, whatever the processor announces."""

import os
import subprocess
import sys

from stylus_daw.engine.machine.amx import BELOW_AMX, LIMIT, has_amx, keep_off_broken_amx

PRODUCT = (
    "import stylus_daw.engine, torch; a = torch.ones(64, 64, dtype=torch.bfloat16);"
    "print((a @ a).sum().item(), torch.nn.functional.scaled_dot_product_attention(*3 * (a[None],)).shape)"
)


def test_a_bfloat16_product_survives() -> None:
    environment = {name: value for name, value in os.environ.items() if name != LIMIT}
    command = [sys.executable, "-c", PRODUCT]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    assert child.stdout.startswith("262144.0")


def test_the_limit_is_set_where_amx_cannot_be_used() -> None:
    environment: dict[str, str] = {}
    keep_off_broken_amx(environment)
    assert environment == ({} if has_amx() else {LIMIT: BELOW_AMX})


def test_a_limit_of_the_users_own_stays() -> None:
    environment = {LIMIT: "AVX2"}
    keep_off_broken_amx(environment)
    assert environment == {LIMIT: "AVX2"}
