"""The tracer as a port of Emscripten's: emcc --use-port=build/amalgamation/ringscope.py app.c, from 3.1.54 on.

./dev amalgamate puts it beside the files that it compiles. For JavaScript, Tracer.attach() reads what the application
records.
"""
import hashlib
import os

DESCRIPTION = 'A flight recorder for programs in C and C++'
LICENSE = 'MIT license'

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = 'ringscope.c'


def get_lib_name(settings):
    """Has the source's hash in it, for Emscripten compiles a library of one name once."""
    with open(os.path.join(HERE, SOURCE), 'rb') as source:
        version = hashlib.sha256(source.read()).hexdigest()[:12]
    threads = '-mt' if settings.PTHREADS else ''
    return f'libringscope-{version}{threads}.a'


def get(ports, settings, shared):
    """Position-independent code and the like are flags that Emscripten adds by itself."""
    flags = ['-pthread'] if settings.PTHREADS else []

    def create(final):
        ports.build_port(HERE, final, 'ringscope', flags=flags, srcs=[SOURCE])

    return [shared.cache.get_lib(get_lib_name(settings), create, what='port')]


def clear(_ports, settings, shared):
    shared.cache.erase_lib(get_lib_name(settings))


def process_args(_ports):
    return ['-isystem', HERE]


def show():
    return f'ringscope (--use-port={os.path.join(HERE, "ringscope.py")}; {LICENSE})'
