"""Takes a port as `emcc --use-port` does, for SDKs that do not have that yet: use_port.py PORT CACHE [SETTING…] prints as
JSON what would be added to the command. "dry" makes no library and prints how it would be compiled.
"""
import importlib.util
import json
import os
import subprocess
import sys
from types import SimpleNamespace

NEEDED = ['get', 'clear', 'show', 'process_args', 'DESCRIPTION', 'LICENSE']


class Ports:
    def __init__(self, dry):
        self.dry = dry
        self.built = []

    def build_port(self, src_dir, output_path, port_name, includes=(), flags=(), srcs=()):
        self.built.append([port_name, *flags, *srcs])
        if self.dry:
            return
        objects = []
        for source in srcs:
            objects.append(f'{output_path}.{source}.o')
            options = [f'-I{folder}' for folder in (src_dir, *includes)]
            subprocess.run(['emcc', '-c', os.path.join(src_dir, source), '-o', objects[-1], *options, *flags], check=True)
        subprocess.run(['emar', 'crs', output_path, *objects], check=True)


class Cache:
    def __init__(self, folder):
        self.folder = folder

    def get_lib(self, name, create, what):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            create(path)
        return path

    def erase_lib(self, name):
        os.remove(os.path.join(self.folder, name))


def main(path, folder, *words):
    spec = importlib.util.spec_from_file_location('tools.ports.ringscope', path)
    port = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(port)
    missing = [name for name in NEEDED if not hasattr(port, name)]
    assert not missing, f'{path} has no {missing}'
    ports = Ports('dry' in words)
    # Like Emscripten's, without the settings that this SDK and later ones do not share.
    settings = SimpleNamespace(PTHREADS='PTHREADS' in words)
    shared = SimpleNamespace(cache=Cache(folder))
    if 'clear' in words:
        port.clear(ports, settings, shared)
        return
    libraries = port.get(ports, settings, shared)
    json.dump({'libraries': libraries, 'arguments': port.process_args(ports), 'built': ports.built, 'show': port.show()}, sys.stdout)


main(*sys.argv[1:])
