import words from '../../words/ja.json' with { type: 'json' }

/** Where the unit looks for the program, the declaration and the folder of the firewall's machine; the guide names the same. */
export const WATCH_PATHS = {
  program: '/opt/sekisho/node_modules/.bin',
  town: '/etc/sekisho/town.yaml',
  data: '/var/lib/sekisho/firewall',
} as const

/**
 * The unit of systemd that keeps `sekisho drift` running: whoever takes it over can change rules, and nothing else of the machine.
 *
 * @param rules the unit that loads the rules, e.g. `nftables.service`
 */
export function writeWatch(rules: string): string {
  const { program, town, data } = WATCH_PATHS
  return [
    `# ${words.settings.watch}`,
    '[Unit]',
    'Description=Sekisho: watch the rules in the kernel for drift',
    // Not bound to it: rules that are gone are the first thing to be told.
    `After=${rules}`,
    '',
    '[Service]',
    `ExecStart=${program}/sekisho drift --town ${town} --data ${data}`,
    `Environment=PATH=${program}:/usr/sbin:/usr/bin:/sbin:/bin`,
    'Restart=always',
    'RestartSec=1',
    'RestartPreventExitStatus=2',
    'OOMScoreAdjust=-900',
    'StateDirectory=sekisho/firewall',
    'StateDirectoryMode=0700',
    'UMask=0077',
    'CapabilityBoundingSet=CAP_NET_ADMIN',
    'NoNewPrivileges=yes',
    'RestrictAddressFamilies=AF_UNIX AF_NETLINK',
    'RestrictNamespaces=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectControlGroups=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}
