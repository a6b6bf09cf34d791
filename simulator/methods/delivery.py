"""Settings of the webhook. The fetching itself (getUpdates) waits, so it is served in `simulator.api`."""

import re

from simulator.errors import bad_request
from simulator.methods.registry import Ask, method
from simulator.state import Json
from simulator.updates import Webhook
from simulator.webhook import acceptable

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_MAX_SECRET = 256


@method("setWebhook")
def set_webhook(ask: Ask) -> bool:
    url, secret = ask.params.text("url"), ask.params.text("secret_token")
    if not url:
        return bool(delete_webhook(ask))
    if not acceptable(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > _MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    queue = ask.bot.queue
    if ask.params.has("allowed_updates"):
        queue.remember_allowed(ask.params.json("allowed_updates", "allowed_updates"))
    if ask.params.flag("drop_pending_updates"):
        queue.clear()
    queue.refuse_poller("terminated by setWebhook request")
    connections = min(100, max(1, ask.params.integer("max_connections", 40)))
    queue.webhook = Webhook(url, secret, connections)
    return True


@method("deleteWebhook")
def delete_webhook(ask: Ask) -> bool:
    if ask.params.flag("drop_pending_updates"):
        ask.bot.queue.clear()
    ask.bot.queue.webhook = None
    return True


@method("getWebhookInfo")
def get_webhook_info(ask: Ask) -> Json:
    queue = ask.bot.queue
    hook = queue.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": queue.pending,
    }
    if hook:
        info.update(max_connections=hook.max_connections, ip_address="127.0.0.1")
        if hook.last_error_date is not None:
            info.update(last_error_date=hook.last_error_date, last_error_message=hook.last_error)
    if queue.allowed:
        info["allowed_updates"] = queue.allowed
    return info
