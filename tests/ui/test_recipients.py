"""Age recipients from input, from pastes and from files."""

from __future__ import annotations

import os

import pytest

from breakglass_tui.secrets.recipient_text import parts_of, recipient_error, recipients_error, short_name, with_files

ANNA = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
BERT = "age1ahxh5x5gms98x34zk9a9fdnvd5wu52yq29m7hgjjd38eq4vef49s0g6wlz"
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL4AM0IMYSrzcA4Ea+WdPTB7U2e1zNH6rhnpmP9kyp16"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        (f"\n {ANNA} \n\n# Bert\n{BERT}\n", (ANNA, BERT)),
        (f"{ANNA}, {BERT}", (ANNA, BERT)),
        (f"{ANNA} {BERT},", (ANNA, BERT)),
        (f"{SSH} zoe at home {ANNA}", (f"{SSH} zoe at home", ANNA)),
        (f"{ANNA} {SSH}, {BERT}", (ANNA, SSH, BERT)),
        ("  /keys of the team/all.txt\n", ("/keys of the team/all.txt",)),
    ],
)
def test_recipients_are_separated_by_lines_commas_or_spaces(text, parts):
    assert parts_of(text) == parts


def test_an_error_names_the_place_and_the_reason():
    assert recipients_error((ANNA, BERT), 2) == ""
    broken = BERT[:-1] + "q"
    assert recipients_error((ANNA, broken), 1).startswith("recipient 2: ")
    assert "checksum or form is wrong" in recipients_error((ANNA, broken), 1)
    assert recipients_error((ANNA, BERT, ANNA), 1) == "recipient 3 is the same as recipient 1"
    assert "3 custodians must open together" in recipients_error((ANNA, BERT), 3)
    assert "not an age recipient" in recipient_error("hello")


def test_one_ssh_key_under_two_comments_is_one_custodian():
    assert recipients_error((SSH, ANNA), 2) == ""
    assert recipients_error((f"{SSH} office", ANNA, f"{SSH} home"), 2) == "recipient 3 is the same as recipient 1"


def test_a_path_is_replaced_by_the_recipients_in_the_file(tmp_path):
    file = tmp_path / "team.txt"
    file.write_text(f"# the team\n\n{ANNA}\r\n  {BERT}\n")
    assert with_files(f"{file}\n") == (ANNA, BERT)
    other = "age1445mdttd2g70s8yrle4wa3465g5ek82kadddmtnlsvaau8t4qdmq78h0aa"
    assert with_files(f"{other}\n{file}") == (other, ANNA, BERT)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"hello\n", "line 1: 'hello' is not an age recipient"),
        (b"\xff\xfe\x00", "it is not text"),
        (b"#" * 70_000, "it is larger than the limit of 64 KiB"),
        (b"AGE-SECRET-KEY-1QQQQ\n", "a private key"),
    ],
)
def test_a_file_without_recipients_is_refused_with_the_reason(tmp_path, content, said):
    file = tmp_path / "team.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=r"team\.txt") as caught:
        with_files(str(file))
    assert said in str(caught.value)
    assert "1QQQQ" not in str(caught.value)


def test_a_pipe_does_not_block_the_program(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="a pipe, not a file"):
        with_files(str(tmp_path / "pipe"))


def test_short_names_distinguish_recipients():
    assert short_name(ANNA) == "age1kw2p…rml62g"
    assert short_name(f"{SSH} zoe@laptop").startswith("SHA256:")
    assert short_name(f"{SSH} zoe@laptop").endswith("… zoe@laptop")
