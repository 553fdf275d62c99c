// @ts-check
'use strict';

/**
 * The floors of the house, from the ground up: a file may import its own room and those named for it.
 *
 * @type {Record<string, string[]>}
 */
const FLOORS = {
	'nodes/cloud/api': [],
	'nodes/cloud/words': ['nodes/cloud/api'],
	'nodes/cloud/access': ['nodes/cloud/(api|words)'],
	'nodes/cloud/session': ['nodes/cloud/api'],
	'nodes/cloud/servers': ['nodes/cloud/(api|words|session)'],
	'nodes/cloud/power': ['nodes/cloud/(api|words|session)'],
	'nodes/cloud/changes': ['nodes/cloud/(api|words|session|servers)'],
	'nodes/cloud/alarms': ['nodes/cloud/(api|session)'],
	'nodes/cloud/process': ['nodes/cloud/(access|session|changes|alarms)'],
	'nodes/n8n': ['nodes/cloud'],
	'nodes/ElasticCloudServer': ['nodes/n8n', 'nodes/cloud/(api|words|session|servers|power)'],
	'nodes/ElasticCloudServerTrigger': [
		'nodes/n8n',
		'nodes/cloud/(api|words|session|servers|changes|process)',
	],
	'nodes/ElasticCloudServerAlarmTrigger': ['nodes/n8n', 'nodes/cloud/(api|session|alarms|process)'],
	credentials: ['nodes/cloud/(access|process)'],
	simulator: [],
	tools: ['simulator', 'test/harness'],
	scripts: ['tools', 'simulator', 'test/(harness|model)'],
};

/** All that is ours. */
const OURS = '^(nodes|credentials|simulator|tools|scripts|test)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{ name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
		...Object.entries(FLOORS).map(([room, below]) => ({
			name: `${room} imports only ${below.join(', ') || 'itself'}`,
			severity: /** @type {const} */ ('error'),
			from: { path: `^${room}/` },
			to: { path: OURS, pathNot: [room, ...below].map((at) => `^${at}/`) },
		})),
		{
			name: 'the cloud knows n8n as a type only, but for its sleep',
			severity: 'error',
			from: { path: '^nodes/cloud/', pathNot: '^nodes/cloud/session/clock' },
			to: { path: 'n8n-workflow', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'crypto is known only where it is proved who asks or who tells',
			severity: 'error',
			from: {
				path: '^(nodes|credentials)/',
				pathNot: '^nodes/cloud/(access/|alarms/signature)',
			},
			to: { path: '^(node:)?crypto$' },
		},
		{
			name: 'these try the built node',
			severity: 'error',
			from: { path: '^test/(harness|engine|model|benchmark|e2e)/' },
			to: { path: '^(nodes|credentials)/' },
		},
		{
			name: 'a folder of tests imports itself, what is there for all, the simulator and tools',
			severity: 'error',
			from: { path: '^test/([^/]+)/' },
			to: {
				path: '^(test|scripts)/',
				pathNot: ['^test/$1/', '^test/(harness|recorded|mutation)/'],
			},
		},
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|test/engines|tools/n8n/node_modules|tools/n8n/lines)/' },
	},
};
