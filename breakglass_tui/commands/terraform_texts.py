"""The comments and descriptions of the Terraform file."""

from __future__ import annotations

HEADER = """\
Create the emergency user {name} in account {account}, as breakglass-tui does.

A Terraform state contains the attributes of its resources. Anyone who can read the state can read them. By default \
this file therefore creates no password, no access key and no MFA device.
{variables}
Keep the values of these variables, for example in terraform.tfvars. The output left_to_do lists what is left to do.

What breakglass-tui does and this file does not:
  seal      It encrypts the secrets into envelopes. Seals of this request: {seals}.
  enrol     It enables the MFA device for the user, and checks that it is enabled.
  rollback  If a step fails, it removes everything that the run created. An interrupted run can be resumed.
  validate  It reads the resources back and tests the credentials. There is a report.

After terraform apply, validate the user:"""
VARIABLES = {
    "pgp_key": "If set, the password and the access key are created. The state contains them encrypted.",
    "mfa_seed_in_state": "If true, the MFA device is created. The state contains its seed in cleartext.",
    "require_mfa": "If true, everything without MFA is denied. Set it after an MFA device of the user is enabled.",
}
PGP = (
    "PGP public key in base64, or keybase:NAME. It encrypts the password and the access key. "
    "If empty, neither is created."
)
SEED = "Create the MFA device. The state then contains its seed in cleartext."
REQUIRE_MFA = "Deny everything without MFA. Set it to true only after an MFA device of the user is enabled."
LOGIN = "The state contains only the encrypted password. Decrypt it with your PGP key:"
KEY = "The state contains only the encrypted secret key. Decrypt it with your PGP key:"
DECRYPT = "terraform output -raw {output} | base64 --decode | gpg --decrypt"
KEEP = """\
If one of the ignored arguments changed, Terraform would replace the resource, and its secret would be lost. \
prevent_destroy stops every plan that deletes the resource, for example because pgp_key is not set any more. Delete \
that line before terraform destroy."""
DEVICE = """\
Terraform cannot enable this device, and it protects nothing until it is enabled. Run this command. Replace CODE1 and \
CODE2 with two consecutive codes of the device:"""
KEEP_DEVICE = """\
prevent_destroy stops every plan that deletes the device, for example because mfa_seed_in_state is not set any more. \
Delete that line before terraform destroy."""
GUARDRAIL = """\
The policy denies everything without MFA only if require_mfa is true. Terraform cannot enable an MFA device, and with \
this deny, a user without a device would be locked out. So require_mfa is false at first."""
ROLE = """\
The role exists. Terraform imports it and replaces its whole trust policy. Nothing else of the role is changed.
prevent_destroy stops terraform destroy. Remove the role from the state first:"""
LEFT_TO_DO = "What is left to do, in this order. Terraform does not know whether an MFA device of the user is enabled."
CREATE_CREDENTIALS = "Set pgp_key and run terraform apply again. Until then the user has {missing}."
CREATE_DEVICE = (
    "Create a virtual MFA device for the user and enable it: in the IAM console, or with "
    "aws iam create-virtual-mfa-device and aws iam enable-mfa-device."
)
ENABLE_DEVICE = "Enable the MFA device with the command above its resource in this file."
SWITCH_ON = (
    "After the MFA device is enabled, set require_mfa to true and run terraform apply again. "
    "Until then the user may do everything without MFA."
)
VALIDATE = "Validate the user: {command}"
