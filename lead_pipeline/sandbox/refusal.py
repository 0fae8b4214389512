"""How a vendor's rules say no."""


class Refusal(Exception):  # noqa: N818  an answer to be sent, not a failure of the sandbox
    """An HTTP status, what it is about (a parameter or header field), and why."""

    def __init__(self, status: int, about: str, message: str) -> None:
        self.status, self.about, self.message = status, about, message
        super().__init__(f"{about} {message}")
