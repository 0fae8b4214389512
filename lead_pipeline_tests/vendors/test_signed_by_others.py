"""What the vendors' own languages sign is accepted; with one character changed it is not."""

import json
import random
import shutil
import subprocess

import pytest

from lead_pipeline.vendors.listsmrt.signature import BadSignature, read_header, verify
from lead_pipeline.vendors.socialsignin.query import build, parse
from lead_pipeline.vendors.socialsignin.signature import RefusedRequest, verified

MANY = 1_000
SECRET = "s3cr3t/+= é"
NOW = 1_795_000_000

SEARCHES = """
while (($line = fgets(STDIN)) !== false) {
    $query = http_build_query(['q' => hex2bin(trim($line)), 'expires' => $argv[2]]);
    echo $query, '&sig=', hash_hmac('sha256', $query, $argv[1]), "\\n";
}
"""

WEBHOOKS = """
const crypto = require("crypto");
const [secret, t] = process.argv.slice(1);
for (const body of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    const v1 = crypto.createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
    console.log(`t=${t},v1=${v1}`);
}
"""


def said(*command: str, given: str) -> list[str]:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")
def test_php_signs_searches() -> None:
    chance = random.Random(3)
    texts = [bytes([byte]) for byte in range(256)]
    texts += [chance.randbytes(chance.randint(1, 30)) for _ in range(MANY - len(texts))]
    lines = "".join(f"{text.hex()}\n" for text in texts)
    queries = said("php", "-r", SEARCHES, "--", SECRET, str(NOW), given=lines)
    assert len(queries) == MANY
    for text, query in zip(texts, queries, strict=True):
        assert verified(query.encode(), SECRET, NOW)[b"q"] == text
        place = chance.randrange(len(query))
        other = chance.choice("0123456789abcdefXYZ~*".replace(query[place], ""))
        changed = f"{query[:place]}{other}{query[place + 1 :]}".encode()
        # A hex escape in the other case says the same.
        if build(parse(changed)) != build(parse(query.encode())):
            with pytest.raises(RefusedRequest):
                verified(changed, SECRET, NOW)


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_node_signs_webhooks() -> None:
    chance = random.Random(5)
    bodies = [
        json.dumps(
            {
                "result": "".join(
                    chr(chance.choice((chance.randint(1, 0xD7FF), 34, 92))) for _ in range(9)
                )
            },
            ensure_ascii=chance.random() < 0.5,
            indent=chance.choice((None, 2)),
        )
        for _ in range(MANY)
    ]
    headers = said("node", "-e", WEBHOOKS, "--", SECRET, str(NOW), given=json.dumps(bodies))
    assert len(headers) == MANY
    for body, header in zip(bodies, headers, strict=True):
        verify(read_header([header]), body.encode(), [SECRET], NOW)
        place = chance.randrange(len(header))
        other = chance.choice("0123456789abcdef,=t".replace(header[place], ""))
        with pytest.raises(BadSignature):
            verify(
                read_header([f"{header[:place]}{other}{header[place + 1 :]}"]),
                body.encode(),
                [SECRET],
                NOW,
            )
