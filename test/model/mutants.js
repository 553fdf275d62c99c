// @ts-check
'use strict';

/**
 * npm run test:mutants [-- --of trigger]
 *
 * Breaks the built node on purpose, in one way after another, and shows that the model-based test
 * catches each. A break that goes unnoticed fails.
 */

const { spawnSync } = require('node:child_process');
const {
	cpSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const ROOT = path.resolve(__dirname, '../..');
const CASES = { single: '6000', storms: '500', trigger: '1000' };
/** A node that is broken may run for ever; that is caught as well, but for a trigger, which never waits for long. */
const TIMEOUT_MS = { single: 60_000, storms: 120_000, trigger: 300_000 };

/**
 * @typedef {object} Mutant
 * @property {string} what the mistake, in words
 * @property {boolean} [storms] it shows only where several executions run
 * @property {string} file of the built node
 * @property {string} from
 * @property {string} to
 * @property {'trigger'} [of] of which model; default: the actions
 */

/** @type {Mutant[]} */
const TRIGGER_MUTANTS = [
	{
		what: 'takes what is on its way for arrived',
		file: 'nodes/cloud/changes/changes.js',
		from: "lasting !== undefined || is === 'running' || is === 'parked'",
		to: 'true',
	},
	{
		what: 'forgets which stop it has told',
		file: 'nodes/cloud/changes/stop.js',
		from: 'last && wasDown && last.at <= entry.at',
		to: 'false',
	},
	{
		what: "takes yesterday's stop for the cause of today's",
		file: 'nodes/cloud/changes/records.js',
		from: "const BEGINNINGS = ['start', 'reboot', 'create'];",
		to: 'const BEGINNINGS = [];',
	},
	{
		what: 'moves on after a poll that failed',
		file: 'nodes/ElasticCloudServerTrigger/poll.js',
		from: 'memory.refused = isRefusal',
		to: 'if (known) data.since += 3_600_000;\n            memory.refused = isRefusal',
	},
	{
		what: 'takes stock anew after a restart',
		file: 'nodes/ElasticCloudServerTrigger/poll.js',
		from: "['activate', 'create']",
		to: "['activate', 'create', 'init']",
	},
	{
		what: 'tells a deletion as often as a window shows it',
		file: 'nodes/cloud/changes/changes.js',
		from: 'if ((0, known_1.isKnownGone)(known, id))',
		to: 'if (false)',
	},
].map((mutant) => ({ ...mutant, of: /** @type {const} */ ('trigger') }));

/** @type {Mutant[]} */
const MUTANTS = [
	{
		what: 'takes acceptance for success',
		file: 'nodes/cloud/power/steps/step.js',
		from: "exports.LOOK_LATER = { do: 'look', soon: false };",
		to: "exports.LOOK_LATER = { do: 'end', outcome: 'started' };",
	},
	{
		what: 'posts again after a lost answer, without a look',
		file: 'nodes/cloud/api/verdict.js',
		from: "{ word: 'recheck', reason: 'unreachable', taken: 'maybe', fault }",
		to: "{ word: 'retry', reason: 'unreachable', fault }",
	},
	{
		what: 'takes SHUTOFF right after acceptance for a failed start',
		file: 'nodes/cloud/power/steps/by-state.js',
		from: 'return [journey, now < due ? step_1.LOOK_LATER : step_1.FIND_EVIDENCE];',
		to: 'return (0, step_1.fail)(journey, (0, not_there_1.failed)(journey, rules));',
	},
	{
		what: 'forgets to count its tries',
		file: 'nodes/cloud/power/journey.js',
		from: 'attempts: journey.attempts + 1,',
		to: 'attempts: 1,',
	},
	{
		what: 'takes a server that is being stopped for a running one',
		file: 'nodes/cloud/api/server.js',
		from: "if (task === STOPPING)\n            return 'stopping';",
		to: "if (task === STOPPING)\n            return 'running';",
	},
	{
		what: 'forgets when a wait must end',
		file: 'nodes/cloud/power/journey.js',
		from: 'const deadline = firstRequestAt + waitTimeoutMs - journey.spentMs;',
		to: 'const deadline = firstRequestAt + 2 * waitTimeoutMs - journey.spentMs;',
	},
	{
		what: 'never reads the refusal inside a 202',
		file: 'nodes/cloud/api/verdict.js',
		from: '(0, answer_1.isBlank)(body) ||',
		to: 'status === 202 ||',
	},
	{
		what: 'gives the answers to the items in the order in which they came',
		file: 'nodes/ElasticCloudServer/items.js',
		from: 'return results.map(',
		to: 'return [...results].reverse().map(',
	},
	{
		what: 'gives all who wait for a server the time of whoever has least',
		storms: true,
		file: 'nodes/cloud/session/watch/watcher.js',
		from: 'if (waiter.deadline <= now) {',
		to: 'if (Math.min(...[...this.waiters].map((one) => one.deadline)) <= now) {',
	},
	{
		what: 'closes all executions of a project when the cloud refuses one of them',
		storms: true,
		file: 'nodes/cloud/session/gate/traffic.js',
		from: "if (!felt || felt.word === 'closed')\n            return;",
		to: "if (felt?.word === 'closed')\n            for (const member of this.members)\n                member.closed ??= felt;\n        if (!felt || felt.word === 'closed')\n            return;",
	},
	{
		what: 'looks for all through the first execution, also when that has ended',
		storms: true,
		file: 'nodes/cloud/session/watch/looker.js',
		from: '{ reader, signal } = waiter.viewer;\n            const turn = (0, carrier_1.turnOf)(',
		to: '{ signal } = waiter.viewer;\n            const { reader } = (this.first ??= waiter.viewer);\n            const turn = (0, carrier_1.turnOf)(',
	},
	{
		what: 'tells only the first who waits for a server what it saw',
		storms: true,
		file: 'nodes/cloud/session/watch/waiters.js',
		from: 'for (const waiter of this.of(serverId))\n            this.answer(',
		to: 'for (const waiter of this.of(serverId).slice(0, 1))\n            this.answer(',
	},
	{
		what: 'never lets go of a server that it has asked for',
		storms: true,
		file: 'nodes/cloud/session/asks.js',
		from: 'if (ask?.askers.delete(asker) && ask.askers.size === 0)',
		to: 'if (ask?.askers.delete(asker) && ask.askers.size < 0)',
	},
	...TRIGGER_MUTANTS,
];

/** @param {Mutant} mutant */
function isCaught({ storms = false, of = undefined, file, from, to }) {
	const folder = mkdtempSync(path.join(tmpdir(), 'mutant-'));
	try {
		cpSync(path.join(ROOT, 'dist'), path.join(folder, 'dist'), { recursive: true });
		symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
		const broken = path.join(folder, 'dist', file);
		const code = readFileSync(broken, 'utf8');
		if (!code.includes(from)) throw new Error(`${file} no longer holds: ${from}`);
		writeFileSync(broken, code.replace(from, to));
		const soak = path.join(__dirname, 'soak.js');
		const kind = of ?? (storms ? 'storms' : 'single');
		const args = [soak, '--cases', CASES[kind], '--seed', '1', '--dist', path.join(folder, 'dist')];
		if (storms) args.push('--storms', '--first');
		if (of) args.push('--of', of, '--first');
		const { status, stdout } = spawnSync(process.execPath, args, {
			encoding: 'utf8',
			timeout: TIMEOUT_MS[kind],
		});
		const caught = of ? status === 1 : status !== 0;
		return { caught, words: /after (\d+) tests/.exec(stdout)?.[0] ?? '' };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const { values } = parseArgs({ options: { of: { type: 'string' } } });
const wanted = MUTANTS.filter(({ of }) => values.of === undefined || of === values.of);
let missed = 0;
for (const mutant of wanted) {
	const { caught, words } = isCaught(mutant);
	if (!caught) missed += 1;
	process.stdout.write(`${caught ? 'caught' : 'MISSED'}  ${mutant.what} ${words}\n`);
}
process.stdout.write(`${wanted.length - missed} passed, ${missed} failed\n`);
process.exitCode = missed === 0 ? 0 : 1;
