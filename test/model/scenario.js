// @ts-check
'use strict';

const fc = require('fast-check');

/**
 * A random fleet, random faults, random settings: all that a run of the node depends on.
 *
 * @typedef {object} ServerPlan
 * @property {string} status
 * @property {string | null} taskState
 * @property {boolean} locked
 * @property {number} startSeconds
 * @property {import('../../simulator/server').Behaviour} startBehaviour
 * @property {import('../../simulator/server').Behaviour} stopBehaviour
 * @property {import('../../simulator/server').Behaviour} rebootBehaviour
 *
 * @typedef {object} Interference what somebody else does meanwhile
 * @property {number} at seconds after the beginning
 * @property {number} server
 * @property {'start' | 'stop' | 'reboot' | 'lock' | 'unlock' | 'delete' | 'fail'} what
 *
 * @typedef {object} ItemPlan
 * @property {number} server an index into the fleet; behind its end: an id that no server has
 * @property {boolean} wait
 * @property {boolean} upperCase
 * @property {OddSwitch} [odd]
 * @property {boolean} [unreadable] n8n cannot read its credential
 *
 * @typedef {object} OddSwitch what an expression gives for a switch, in place of true or false
 * @property {'waitUntilDone' | 'forceful'} name
 * @property {unknown} value
 *
 * @typedef {object} Scenario
 * @property {'start' | 'stop' | 'restart'} operation
 * @property {boolean} forceful
 * @property {ServerPlan[]} servers
 * @property {number} bystanders further servers in the project
 * @property {ItemPlan[]} items
 * @property {Interference[]} interferences
 * @property {import('../../simulator/faults').Rule[]} faults times are seconds after the beginning
 * @property {import('../../simulator/faults').RateLimit | null} rateLimit
 * @property {Record<string, unknown>} options of the node
 * @property {'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput'} [onError] default: continueRegularOutput
 * @property {1 | 2} [accounts] with two, every second server is in a project of its own; default: one
 * @property {{ latencyMs: number, maxLimit: number, requestIds: boolean, v1: boolean, actionLog: boolean, subJobMissing: boolean, unpublished?: readonly string[], unpublishedAs?: 'apiNotPublished' | 'apiNotFound', republished?: { at: number, unpublished: readonly string[] }, misfits?: 'failedJob' | 'refused' | 'done' }} cloud
 */

const seconds = (/** @type {number} */ max) => fc.integer({ min: 0, max });
const rarely = fc.boolean().chain((one) => (one ? fc.boolean() : fc.constant(false)));

/** How a stop or a reboot goes. */
const behaviour = fc.oneof(
	{ weight: 6, arbitrary: fc.constant({ kind: /** @type {const} */ ('ok') }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constantFrom('fallsBack', 'error', 'never', 'queued'),
			seconds: seconds(60),
			times: fc.constantFrom(1, 2, 99),
		}),
	},
);

const startBehaviour = fc.oneof(
	{ weight: 6, arbitrary: fc.constant({ kind: /** @type {const} */ ('ok') }) },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constantFrom(
				'fallsBack',
				'vanishes',
				'error',
				'diesAfter',
				'never',
				'queued',
				'noop',
			),
			seconds: seconds(60),
			times: fc.constantFrom(1, 2, 99),
		}),
	},
);

/** @type {import('fast-check').Arbitrary<readonly [string, string | null]>} */
const state = fc.oneof(
	{ weight: 6, arbitrary: fc.constant(['SHUTOFF', null]) },
	{ weight: 4, arbitrary: fc.constant(['ACTIVE', null]) },
	{
		weight: 2,
		arbitrary: fc.constantFrom(
			['ERROR', null],
			['PAUSED', null],
			['SUSPENDED', null],
			['SHELVED', null],
			['SHELVED_OFFLOADED', null],
			['RESCUE', null],
			['BUILD', null],
		),
	},
);

/** @type {import('fast-check').Arbitrary<ServerPlan>} */
const server = /** @type {any} */ (
	fc
		.record({
			state,
			locked: rarely,
			startSeconds: seconds(40),
			startBehaviour,
			stopBehaviour: behaviour,
			rebootBehaviour: behaviour,
		})
		.map(({ state: [status, taskState], ...rest }) => ({ ...rest, status, taskState }))
);

const effect = fc.oneof(
	fc.constantFrom(
		'throttled',
		'gatewayThrottled',
		'overLimit',
		'flowLimit202',
		'flowLimit429',
		'internalError',
		'badGateway',
		'serviceUnavailable',
		'gatewayTimeout',
		'drop',
		'dropAfter',
		'hang',
	),
	fc.record({
		preset: fc.constantFrom('throttled', 'serviceUnavailable'),
		retryAfter: seconds(90),
		retryAfterAsDate: fc.boolean(),
	}),
	fc.record({
		preset: fc.constantFrom('badGateway', 'gatewayTimeout', 'internalError'),
		afterEffect: fc.constant(true),
	}),
	fc.record({ delayBefore: seconds(40) }),
	fc.record({ delayAfter: seconds(40) }),
	fc.record({ hang: fc.constant('after') }),
);

/** A gateway in front of the cloud knows no such path. */
const GATEWAYS_404 = ['apiNotPublished', 'apiNotFound', 'noRoute', 'apigeeFault', 'emptyNotFound'];

const gatewayNotFound = fc.constantFrom(...GATEWAYS_404);

/** A Retry-After that names no time to come. */
const emptyPromise = fc
	.record({
		preset: fc.constantFrom('throttled', 'gatewayThrottled', 'serviceUnavailable'),
		retryAfter: fc.constantFrom(0, 0, -1, -3600),
		retryAfterAsDate: fc.constant(true),
	})
	.map((effect) => ({ ...effect, retryAfterAsDate: effect.retryAfter < 0 }));

const kind = fc.constantFrom(
	'start',
	'stop',
	'reboot',
	'read',
	'list',
	'batch',
	'job',
	'action-log',
	undefined,
);

/** @type {import('fast-check').Arbitrary<import('../../simulator/faults').Rule>} */
const fault = /** @type {any} */ (
	fc
		.record({
			match: kind,
			times: fc.constantFrom(1, 2, 3, 8, undefined),
			after: fc.constantFrom(0, 0, 1, 2, 7),
			window: fc.option(fc.tuple(seconds(60), fc.integer({ min: 1, max: 90 }))),
			then: fc.oneof(
				{ weight: 18, arbitrary: effect },
				{ weight: 3, arbitrary: gatewayNotFound },
				{ weight: 2, arbitrary: emptyPromise },
			),
		})
		.map(({ window, ...rule }) =>
			window ? { ...rule, from: window[0], until: window[0] + window[1] } : rule,
		)
);

/** Lists fail, or take too long, while single reads work. */
const brokenList = fc.record({
	match: fc.constant('list'),
	then: fc.oneof(
		fc.constantFrom('internalError', 'gatewayTimeout'),
		gatewayNotFound,
		fc.constant({ delayAfter: 40 }),
	),
});

/** @type {import('fast-check').Arbitrary<import('../../simulator/faults').Rule[]>} */
const faults = /** @type {any} */ (
	fc.oneof(
		{ weight: 5, arbitrary: fc.constant([]) },
		{ weight: 5, arbitrary: fc.array(fault, { minLength: 1, maxLength: 5 }) },
		{ weight: 1, arbitrary: fc.tuple(brokenList) },
	)
);

/** @type {import('fast-check').Arbitrary<import('../../simulator/faults').RateLimit | null>} */
const rateLimit = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(null) },
	{
		weight: 1,
		arbitrary: fc.record({
			requests: fc.integer({ min: 1, max: 10 }),
			seconds: fc.integer({ min: 1, max: 60 }),
			retryAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
		}),
	},
);

const waitTimeout = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(1, 5, 30, 60, 300) },
	{ weight: 1, arbitrary: fc.integer({ min: 3, max: 12 }) },
);

/** What an expression may give for a switch. */
const oddValue = fc.constantFrom('true', ' False ', 'yes', '', 1, 0, null, undefined, [true]);

/** @type {import('fast-check').Arbitrary<OddSwitch | undefined>} */
const odd = /** @type {any} */ (
	fc.oneof(
		{ weight: 30, arbitrary: fc.constant(undefined) },
		{
			weight: 1,
			arbitrary: fc.record({
				name: fc.constantFrom('waitUntilDone', 'forceful'),
				value: oddValue,
			}),
		},
	)
);

/** n8n reads the credentials of all items, of none, or of some. */
const unreadable = fc.oneof(
	{ weight: 20, arbitrary: fc.constant(fc.constant(false)) },
	{ weight: 1, arbitrary: fc.constant(fc.constant(true)) },
	{ weight: 2, arbitrary: fc.constant(fc.boolean()) },
);

const onError = fc.constantFrom(
	'continueRegularOutput',
	'continueRegularOutput',
	'continueErrorOutput',
	'continueErrorOutput',
	'stopWorkflow',
);

const interferences = fc.array(
	fc.record({
		at: seconds(80),
		server: fc.nat(13),
		what: fc.constantFrom('start', 'stop', 'stop', 'reboot', 'lock', 'unlock', 'delete', 'fail'),
	}),
	{ maxLength: 3 },
);

const options = fc.record(
	{
		concurrency: fc.constantFrom(1, 2, 10, 50),
		waitTimeout,
		pollInterval: fc.constantFrom(1, 5, 20, 60),
		maxTries: fc.constantFrom(1, 2, 3, 5, 10),
		failIfAlreadyDone: fc.oneof(
			{ weight: 20, arbitrary: rarely },
			{ weight: 1, arbitrary: oddValue },
		),
		sendAs: fc.constantFrom('oneRequestPerServer', 'oneRequestPerServer', 'oneBatchRequest'),
		apiVersion: fc.constantFrom('auto', 'v1', 'v2', 'v2.1'),
	},
	{ requiredKeys: [] },
);

const cloud = fc.record({
	latencyMs: fc.constantFrom(0, 20, 400),
	maxLimit: fc.constantFrom(2, 5, 1000),
	requestIds: fc.boolean(),
	v1: fc.constantFrom(true, true, true, false),
	actionLog: fc.constantFrom(true, true, false),
	subJobMissing: rarely,
});

/** Calls that the gateway has of one API alone; what it keeps of ECS v1 is enough for One Batch Request. */
const unpublished = fc
	.tuple(
		...['act', 'read', 'list'].map((call) => fc.constantFrom('', `nova ${call}`, `v1 ${call}`)),
	)
	.map((calls) => calls.filter(Boolean));

const unpublishedAs = fc.constantFrom('apiNotPublished', 'apiNotFound');

/** What the gateway has from some time on. */
const republished = fc.option(fc.record({ at: seconds(60), unpublished }), { nil: undefined });

/** How far the cloud has each API, and which one is asked. */
const offer = fc.oneof(
	{ weight: 4, arbitrary: fc.constant(undefined) },
	{
		weight: 1,
		arbitrary: fc.record({
			apiVersion: fc.constant('v1'),
			unpublished: fc.constant(['nova act', 'nova read', 'nova list']),
			unpublishedAs,
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			apiVersion: fc.constant('auto'),
			unpublished,
			unpublishedAs,
			republished,
		}),
	},
);

/** @type {import('fast-check').Arbitrary<Scenario>} */
const scenario = fc
	.record({
		offer,
		misfits: fc.constantFrom('failedJob', 'refused', 'done'),
		operation: fc.constantFrom('start', 'start', 'stop', 'restart'),
		forceful: rarely,
		servers: fc.array(server, { minLength: 1, maxLength: 14 }),
		bystanders: fc.constantFrom(0, 0, 3, 30),
		interferences,
		faults,
		rateLimit,
		options,
		cloud,
		onError,
		accounts: fc.constantFrom(1, 1, 1, 2),
		unreadable,
	})
	.map(withOffer)
	.chain(({ unreadable, ...rest }) =>
		fc
			.array(
				fc.record({
					server: fc.nat(rest.servers.length),
					wait: fc.constantFrom(true, true, true, false),
					upperCase: rarely,
					odd,
					unreadable,
				}),
				{ minLength: 1, maxLength: 18 },
			)
			.map((items) => /** @type {any} */ ({ ...rest, items })),
	);

/**
 * @template {{ offer?: { apiVersion: string, unpublished: readonly string[], unpublishedAs: string, republished?: object }, misfits: 'failedJob' | 'refused' | 'done', cloud: object, options: object }} T
 * @param {T} drawn
 */
function withOffer({ offer: offered, misfits, ...rest }) {
	if (!offered) return rest;
	const { apiVersion, ...published } = offered;
	return {
		...rest,
		options: { ...rest.options, apiVersion, sendAs: 'oneRequestPerServer' },
		cloud: { ...rest.cloud, v1: true, ...published, misfits },
	};
}

/** What other scenarios are made of as well. */
const parts = {
	bystanders: fc.constantFrom(0, 0, 3, 30),
	cloud,
	faults,
	interferences,
	odd,
	onError,
	options,
	rarely,
	rateLimit,
	seconds,
	server,
};

/** @type {ServerPlan} one that is off, and does as it is asked */
const STOPPED_SERVER = {
	status: 'SHUTOFF',
	taskState: null,
	locked: false,
	startSeconds: 10,
	startBehaviour: { kind: 'ok' },
	stopBehaviour: { kind: 'ok' },
	rebootBehaviour: { kind: 'ok' },
};

module.exports = { GATEWAYS_404, STOPPED_SERVER, parts, scenario };
