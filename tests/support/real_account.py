"""An account in this process, and the command lines with which separate processes use it."""

from __future__ import annotations

import json
import os

import boto3
from console import headless

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


class Place:
    """An account, and the command lines for it."""

    def __init__(self, demo, directory):
        self.url = demo.start()
        self.directory = directory
        keys = {"AWS_ACCESS_KEY_ID": demo.access_key_id, "AWS_SECRET_ACCESS_KEY": demo.secret_access_key}
        self.env = {**os.environ, **keys}
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        self.iam = session.client("iam", endpoint_url=self.url)

    def words(self, *words):
        return ("--endpoint-url", self.url, *words)

    def apply(self, name, *more, **fields):
        path = self.directory / f"{name}.toml"
        given = {"region": "eu-west-1", "user_name": name, **fields}
        seal = f'seal_to = ["{RECIPIENT}"]\n'
        path.write_text(seal + "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items()))
        return self.words("apply", "--yes", "--json", "--request", path, "--out", self.directory / name, *more)

    def headless(self, *words, **options):
        return headless(*words, env=self.env, **options)

    def has_user(self, name):
        try:
            return bool(self.iam.get_user(UserName=name))
        except self.iam.exceptions.NoSuchEntityException:
            return False
