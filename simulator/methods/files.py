"""Where a bot downloads a file from."""

from simulator.errors import bad_request
from simulator.files import MAX_DOWNLOAD
from simulator.methods.registry import Ask, method
from simulator.state import Json


@method("getFile")
def get_file(ask: Ask) -> Json:
    file_id = ask.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    known = ask.bot.files.get(file_id)
    if known is None:
        raise bad_request("invalid file_id")
    if known.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": known.file_id,
        "file_unique_id": known.unique_id,
        "file_size": known.size,
        "file_path": known.path,
    }
