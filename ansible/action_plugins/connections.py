"""Tells how Ansible would reach each host of the play, as its own engine resolves it, and reaches none.

Aliases (ansible_ssh_host), templates, vaulted values, environment and ansible.cfg are resolved by the definitions of
Ansible's ssh and sudo plugins. What is wrong with one host is said of that host; the others are told all the same.
"""
import json
import os
import shlex

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import become_loader, connection_loader
from ansible.template import Templar

# The file descriptor that the answer is written to as JSON. Without it, the answer is the task's result.
DESCRIPTOR = 'BENCH_CONNECTIONS_FD'

BENCH_VARIABLES = ('bench_directory', 'bench_scratch', 'bench_device', 'bench_destroy')


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        # The definitions of a plugin's options are read when the plugin is loaded.
        connection_loader.get('ssh', class_only=True)
        become_loader.get('sudo', class_only=True)
        hostvars = task_vars['hostvars']
        names = task_vars['ansible_play_hosts_all']
        answer = {
            'sshArgs': C.config.get_config_value('ssh_args', plugin_type='connection', plugin_name='ssh'),
            'hosts': [describe(name, hostvars, self._loader) for name in names],
        }
        descriptor = os.environ.get(DESCRIPTOR)
        if descriptor is None:
            return dict(result, **answer)
        with os.fdopen(int(descriptor), 'w') as output:
            json.dump(answer, output)
        return result


def describe(name, hostvars, loader):
    try:
        return {'name': name, 'facts': facts_of(HostValues(name, hostvars, loader))}
    # Whatever a template or a type raises concerns this host alone.
    except Exception as error:
        return {'name': name, 'problem': to_text(error)}


def facts_of(values):
    connection = connection_of(values)
    if connection != 'ssh':
        return {'connection': connection}
    ssh = values.options('connection', 'ssh')
    return {
        'connection': connection,
        'program': text('ansible_ssh_executable', ssh('ssh_executable')),
        'address': address_of(ssh),
        'port': ssh('port'),
        'user': text('ansible_user', ssh('remote_user')),
        'identityFile': home_of(text('ansible_ssh_private_key_file', ssh('private_key_file'))),
        'firstOptions': first_options(ssh),
        'options': ['-o', 'ConnectTimeout=%d' % ssh('timeout')]
        + words('ansible_ssh_common_args', ssh('ssh_common_args'))
        + words('ansible_ssh_extra_args', ssh('ssh_extra_args')),
        'become': become_of(values),
        **{name: text(name, values.get(name)) for name in BENCH_VARIABLES},
    }


def connection_of(values):
    """Returns `ssh` for each of its names, else the name as it is given."""
    given = values.get('ansible_connection')
    name = to_text(C.config.get_config_value('DEFAULT_TRANSPORT') if given is None else given)
    for namespace in ('ansible.builtin.', 'ansible.legacy.'):
        if name.startswith(namespace):
            name = name[len(namespace):]
    return 'ssh' if name == 'smart' else name


def address_of(ssh):
    address = text('ansible_host', ssh('host'))
    if address is None:
        raise AnsibleError('ansible_host is empty: give an address, or leave the variable out')
    return address


def first_options(ssh):
    """Returns what Ansible gives ssh before the port, the key and the user. Its default (-C, a master) is left out."""
    given = ssh('ssh_args')
    default = C.config.get_configuration_definitions('connection', 'ssh')['ssh_args'].get('default')
    checking = ['-o', 'StrictHostKeyChecking=no'] if ssh('host_key_checking') is False else []
    return ([] if given == default else words('ansible_ssh_args', given)) + checking


def become_of(values):
    """Returns None where commands run as the user who logs in."""
    asked = values.get('ansible_become')
    if not (C.config.get_config_value('DEFAULT_BECOME') if asked is None else truth('ansible_become', asked)):
        return None
    method = values.get('ansible_become_method') or C.config.get_config_value('DEFAULT_BECOME_METHOD')
    sudo = values.options('become', 'sudo')
    return {
        'method': text('ansible_become_method', method),
        'user': text('ansible_become_user', sudo('become_user')),
        'program': text('ansible_become_exe', sudo('become_exe')),
    }


def truth(name, value):
    if isinstance(value, (list, dict)):
        raise AnsibleError('%s is no truth value' % name)
    try:
        return boolean(value)
    except TypeError as error:
        raise AnsibleError('%s: %s' % (name, to_text(error)))


def text(name, value):
    """Returns a string, or None where nothing is given. An empty one counts as none, as it does for Ansible."""
    if isinstance(value, (list, tuple, dict)):
        raise AnsibleError('%s is a %s: give one value' % (name, 'mapping' if isinstance(value, dict) else 'list'))
    return None if value is None or to_text(value) == '' else to_text(value)


def words(name, value):
    try:
        return shlex.split(text(name, value) or '')
    except ValueError as error:
        raise AnsibleError('%s: %s' % (name, to_text(error)))


def home_of(path):
    return None if path is None else os.path.expanduser(path)


class HostValues:
    """The variables of one host, each filled in when it is asked for."""

    def __init__(self, name, hostvars, loader):
        self._variables = dict(hostvars.raw_get(name), hostvars=hostvars)
        self._templar = Templar(loader=loader, variables=self._variables)

    def get(self, name):
        value = self._variables.get(name)
        if value is None:
            return None
        try:
            return self._templar.template(value)
        except AnsibleError as error:
            raise AnsibleError('%s: %s' % (name, to_text(error)))

    def options(self, plugin_type, plugin_name):
        """Returns a function from the name of an option of this plugin to its value for the host."""
        names = C.config.get_plugin_vars(plugin_type, plugin_name)
        variables = {name: self.get(name) for name in names if name in self._variables}

        def option(name):
            return C.config.get_config_value(
                name, plugin_type=plugin_type, plugin_name=plugin_name, variables=variables
            )

        return option
