// @ts-check
'use strict';

const fc = require('fast-check');
const { parts } = require('../scenario');

/**
 * Many executions at random moments on one cloud, of one account or of several.
 *
 * @typedef {import('../world').CloudPlan} CloudPlan
 * @typedef {import('../scenario').ItemPlan} ItemPlan
 * @typedef {import('../scenario').Scenario} Scenario
 *
 * @typedef {object} AccountPlan a credential, and what happens to it
 * @property {'token' | 'login' | 'accessKey'} way
 * @property {number} project
 * @property {number} user logins of one user differ in their project, or are the same
 * @property {boolean} wrong its secret is wrong
 * @property {number} [correctedAt] seconds until it gets one that works
 *
 * @typedef {object} ExecutionPlan
 * @property {number} at milliseconds after the beginning
 * @property {number} account
 * @property {'start' | 'stop' | 'restart' | 'get' | 'getMany'} operation
 * @property {boolean} forceful
 * @property {ItemPlan[]} items each with the number of a server within the project
 * @property {Record<string, unknown>} options
 * @property {'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput'} onError
 * @property {number} [cancelAfter] milliseconds
 *
 * @typedef {object} StormPlan
 * @property {1 | 2} projects the servers are in, in turn
 * @property {AccountPlan[]} accounts
 * @property {ExecutionPlan[]} executions
 * @property {number[]} revocations seconds until all tokens are revoked
 * @property {number} databaseMs how long n8n takes to read a credential
 *
 * @typedef {CloudPlan & StormPlan} Storm
 */

const { rarely, seconds } = parts;

const often = (/** @type {number} */ weight) =>
	fc.integer({ min: 1, max: 10 }).map((n) => n <= weight);

/** @type {import('fast-check').Arbitrary<AccountPlan>} */
const account = fc.record({
	way: fc.constantFrom('token', 'login', 'login', 'accessKey'),
	project: fc.nat(1),
	user: fc.nat(1),
	wrong: rarely,
	correctedAt: fc.option(fc.oneof(seconds(90), seconds(1500)), { nil: undefined }),
});

/** @type {import('fast-check').Arbitrary<ItemPlan>} */
const item = fc.record({
	server: fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 2, arbitrary: fc.nat(10) }),
	wait: often(8),
	upperCase: rarely,
	odd: parts.odd,
	unreadable: fc.integer({ min: 1, max: 40 }).map((n) => n === 40),
});

/** Together, one soon after the other, or much later. */
const moment = fc.oneof(
	{ weight: 4, arbitrary: fc.constant(0) },
	{ weight: 4, arbitrary: fc.nat(3_000) },
	{ weight: 4, arbitrary: fc.nat(60_000) },
	{ weight: 1, arbitrary: fc.nat(1_500_000) },
);

/** @type {import('fast-check').Arbitrary<ExecutionPlan>} */
const execution = /** @type {any} */ (
	fc.record({
		at: moment,
		account: fc.oneof(
			{ weight: 2, arbitrary: fc.constant(0) },
			{ weight: 1, arbitrary: fc.nat(3) },
		),
		operation: fc.constantFrom('start', 'start', 'start', 'stop', 'restart', 'get', 'getMany'),
		forceful: rarely,
		items: fc.oneof(
			{ weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength: 2 }) },
			{ weight: 1, arbitrary: fc.array(item, { minLength: 1, maxLength: 8 }) },
		),
		options: parts.options,
		onError: parts.onError,
		cancelAfter: fc.oneof(
			{ weight: 5, arbitrary: fc.constant(undefined) },
			{ weight: 1, arbitrary: fc.nat(500) },
			{ weight: 1, arbitrary: fc.nat(60_000) },
		),
	})
);

const different = fc.oneof(
	{ weight: 6, arbitrary: fc.array(execution, { minLength: 1, maxLength: 5 }) },
	{ weight: 3, arbitrary: fc.array(execution, { minLength: 2, maxLength: 15, size: 'max' }) },
	{ weight: 1, arbitrary: fc.array(execution, { minLength: 10, maxLength: 46, size: 'max' }) },
);

/** The same alarm again, at once or later. */
const echo = fc.record({ of: fc.nat(49), after: moment, options: parts.options });

/** Most storms are small; some have as many as 50 executions, which cost as much as ten others. */
const executions = fc
	.tuple(different, fc.array(echo, { maxLength: 4, size: 'max' }))
	.map(([some, echoes]) => [
		...some,
		...echoes.map(({ of, after, options }) => {
			const one = some[of % some.length];
			return { ...one, at: one.at + after, options };
		}),
	]);

/** What IAM may come to: it has no words of its own for a flow that is too fast. */
const loginFault = fc.record({
	match: fc.constant('login'),
	times: fc.constantFrom(1, 2, 8),
	after: fc.constantFrom(0, 0, 1, 2),
	then: fc.oneof(
		fc.constantFrom('throttled', 'internalError', 'badGateway', 'serviceUnavailable', 'drop'),
		fc.constantFrom('dropAfter', 'hang'),
		fc.record({ preset: fc.constant('throttled'), retryAfter: seconds(60) }),
		fc.record({ delayBefore: seconds(40) }),
		fc.record({ delayAfter: seconds(40) }),
	),
});

const ECS = ['start', 'stop', 'reboot', 'read', 'list', 'batch', 'job', 'action-log'];

/** @type {import('fast-check').Arbitrary<import('../../../simulator/faults').Rule[]>} */
const faults = /** @type {any} */ (
	fc
		.tuple(
			parts.faults,
			fc.oneof(
				{ weight: 4, arbitrary: fc.constant([]) },
				{ weight: 1, arbitrary: fc.tuple(loginFault) },
			),
		)
		.map(([some, ofLogin]) => [
			...ofLogin,
			...some.map((rule) => (rule.match === undefined ? { ...rule, match: { kind: ECS } } : rule)),
		])
);

/** @type {import('fast-check').Arbitrary<Storm>} */
const storm = /** @type {any} */ (
	fc.record({
		servers: fc.array(parts.server, { minLength: 1, maxLength: 14 }),
		bystanders: parts.bystanders,
		interferences: parts.interferences,
		faults,
		rateLimit: parts.rateLimit,
		cloud: parts.cloud,
		projects: fc.constantFrom(1, 1, 2),
		accounts: fc.oneof(
			{ weight: 1, arbitrary: fc.array(account, { minLength: 1, maxLength: 1 }) },
			{ weight: 1, arbitrary: fc.array(account, { minLength: 1, maxLength: 4 }) },
		),
		executions,
		revocations: fc.oneof(
			{ weight: 3, arbitrary: fc.constant([]) },
			{ weight: 1, arbitrary: fc.array(seconds(90), { minLength: 1, maxLength: 3 }) },
		),
		databaseMs: fc.constantFrom(0, 0, 3),
	})
);

module.exports = { storm };
