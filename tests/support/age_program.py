"""A replacement for the age program, which some machines lack. It encrypts stdin to recipients, and writes stdout."""

import sys

import pyrage


def main(arguments: list[str]) -> None:
    armored, recipients, given = False, [], iter(arguments)
    for argument in given:
        if argument == "--armor":
            armored = True
        elif argument == "--recipient":
            recipients.append(next(given))
        else:
            sys.exit(f"age: what is {argument}?")
    known = [pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient for text in recipients]
    encrypted_to = [kind.from_str(text) for kind, text in zip(known, recipients, strict=True)]
    sys.stdout.buffer.write(pyrage.encrypt(sys.stdin.buffer.read(), encrypted_to, armored=armored))


main(sys.argv[1:])
