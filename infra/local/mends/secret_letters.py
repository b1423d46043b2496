"""Stock: CloudFormation's GenerateSecretString puts punctuation into the secret whatever ExcludePunctuation says, and a
plain string then looks like JSON with a slip in it.

Mended: what is excluded is left out.
"""

from __future__ import annotations

import string
from typing import Any

_ASKED = {"GenerateSecretString": {"PasswordLength": 4096, "ExcludePunctuation": True}}


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    return not provisioners._sm_secret_string(_ASKED).isalnum()


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    stock = provisioners._sm_secret_string

    def made(props: dict[str, Any]) -> str:
        asked = props.get("GenerateSecretString")
        if asked and str(asked.get("ExcludePunctuation", "")).lower() == "true":
            left_out = asked.get("ExcludeCharacters", "") + string.punctuation
            props = {**props, "GenerateSecretString": {**asked, "ExcludeCharacters": left_out}}
        return str(stock(props))

    provisioners._sm_secret_string = made
