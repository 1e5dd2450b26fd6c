"""What the environment may set, typed, with the default and the reason in one place.

Every field here is documented in docs/settings.md (a test holds the two together).
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from environs import Env as Environ

PREFIX = "QUNXING_"
PROJECT_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Env:
    """The settings of one running program; every path is absolute."""

    data_dir: Path
    database_url: str
    secret_key: str
    debug: bool = False
    https: bool = True
    allowed_hosts: list[str] = field(default_factory=list)
    trusted_origins: list[str] = field(default_factory=list)
    email_url: str = ""
    from_email: str = "qunxing@localhost"
    signup: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "OIDC"
    log_origin: str = "qunxing"
    log_key: Path = Path()
    key_backup: Path = Path()
    upload_limit_mb: int = 64
    proxies: int = 0
    embeddings_url: str = ""
    embeddings_key: str = ""
    embeddings_model: str = ""
    public_url: str = "http://localhost:8000"

    @classmethod
    def read(cls) -> Self:
        """The settings of this process's environment; makes the data folder on the way."""
        env = Environ(prefix=PREFIX)
        data_dir = Path(env.str("DATA", "") or PROJECT_ROOT / "var").expanduser().resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        return cls(
            data_dir=data_dir,
            database_url=os.environ.get("DATABASE_URL", "") or f"sqlite:///{data_dir / 'qunxing.sqlite3'}",
            secret_key=env.str("SECRET_KEY", "") or kept_secret(data_dir / "keys" / "secret"),
            debug=env.bool("DEBUG", False),
            https=env.bool("HTTPS", True),
            allowed_hosts=env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"]),
            trusted_origins=env.list("TRUSTED_ORIGINS", []),
            email_url=env.str("EMAIL_URL", ""),
            from_email=env.str("FROM_EMAIL", "qunxing@localhost"),
            signup=env.bool("SIGNUP", False),
            oidc_issuer=env.str("OIDC_ISSUER", ""),
            oidc_client_id=env.str("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.str("OIDC_CLIENT_SECRET", ""),
            oidc_name=env.str("OIDC_NAME", "OIDC"),
            log_origin=env.str("LOG_ORIGIN", "qunxing"),
            log_key=Path(env.str("LOG_KEY", "") or data_dir / "keys" / "log-signing.pem"),
            key_backup=Path(env.str("KEY_BACKUP", "") or data_dir / "keys-backup").expanduser().resolve(),
            upload_limit_mb=env.int("UPLOAD_LIMIT_MB", 64),
            proxies=env.int("PROXIES", 0),
            embeddings_url=env.str("EMBEDDINGS_URL", ""),
            embeddings_key=env.str("EMBEDDINGS_KEY", ""),
            embeddings_model=env.str("EMBEDDINGS_MODEL", ""),
            public_url=env.str("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        )


def kept_secret(path: Path) -> str:
    """The secret in the file, made on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")


def origin_of(address: str) -> str:
    """Scheme and host of an address, as a content policy names them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
