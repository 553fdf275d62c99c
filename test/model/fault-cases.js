// @ts-check
'use strict';

/**
 * What a cloud may do to a start, a stop or a restart, one fault after another: the rows of docs/faults.md.
 *
 * @typedef {import('../../simulator/faults').Rule} Rule
 * @typedef {import('../../simulator/faults').Effect} Effect
 * @typedef {import('./scenario').ServerPlan} ServerPlan
 *
 * @typedef {object} FaultCase
 * @property {string} what in plain words
 * @property {import('./scenario').Scenario['operation']} [operation] default: start
 * @property {boolean} [forceful]
 * @property {Partial<ServerPlan>} [server] how it differs from one that does well, and is off for a start, on for the others
 * @property {Partial<ServerPlan>[]} [others] further servers of the same run, asked before it
 * @property {boolean} [unknown] the item names a server that is not there
 * @property {Rule[]} [faults]
 * @property {import('../../simulator/faults').RateLimit} [rateLimit]
 * @property {{ at: number, what: import('./scenario').Interference['what'] }[]} [meanwhile] what somebody else does to it
 * @property {Record<string, unknown>} [options]
 * @property {boolean} [wait] default: Wait Until Running is on
 * @property {Partial<import('./scenario').Scenario['cloud']>} [cloud]
 * @property {Record<string, unknown>} [credential]
 * @property {{ code: string, times?: number, inside?: boolean }} [network] what stops the requests, default: all of them; `inside`: n8n itself, before it has the proof of the credential
 *
 * @typedef {object} Section
 * @property {string} title
 * @property {string} about
 * @property {FaultCase[]} cases
 */

const HTML = { 'content-type': 'text/html' };
const PAGE = '<html><body><h1>Welcome</h1></body></html>';

/**
 * The start is answered so, once.
 *
 * @param {Rule['then']} then
 * @returns {Pick<FaultCase, 'faults'>}
 */
const once = (then) => ({ faults: [{ match: 'start', times: 1, then }] });

/**
 * Every start is answered so.
 *
 * @param {Rule['then']} then
 * @returns {Pick<FaultCase, 'faults'>}
 */
const always = (then) => ({ faults: [{ match: 'start', then }] });

/**
 * Nova's shape of an error.
 *
 * @param {number} status
 * @param {string} name
 * @param {string} message
 * @returns {Effect}
 */
const nova = (status, name, message) => ({ status, body: { [name]: { code: status, message } } });

/**
 * The shape of ECS v1, which gateways of such clouds use in front of Nova too.
 *
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @returns {Effect}
 */
const ecs = (status, code, message) => ({ status, body: { error: { code, message } } });

/**
 * The shape of an API gateway.
 *
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @returns {Effect}
 */
const gateway = (status, code, message) => ({
	status,
	body: { error_code: code, error_msg: message, request_id: '5b1f3c' },
});

/** @type {Section} */
const SLOW_DOWN = {
	title: 'The cloud asks to slow down',
	about:
		'Everybody in the execution waits, then one request probes for all. Such a refusal uses up a try.',
	cases: [
		{ what: '429, once, without Retry-After', ...once('throttled') },
		{
			what: '429, once, `Retry-After: 30`',
			...once({ preset: 'throttled', retryAfter: 30 }),
		},
		{
			what: '429, once, Retry-After as a date 45 s ahead',
			...once({ preset: 'throttled', retryAfter: 45, retryAfterAsDate: true }),
		},
		{
			what: '429 with a Retry-After longer than Wait Timeout',
			...once({ preset: 'throttled', retryAfter: 900 }),
		},
		{
			what: '429, once, `Retry-After: 0`',
			...once({ preset: 'throttled', retryAfter: 0 }),
		},
		{
			what: '429 with `Retry-After: 0` for every start',
			...always({ preset: 'throttled', retryAfter: 0 }),
		},
		{
			what: '429 with a Retry-After an hour ago for every start',
			...always({ preset: 'throttled', retryAfter: -3600, retryAfterAsDate: true }),
		},
		{
			what: '429 for a minute, `Retry-After: 5`, Max Tries 2',
			faults: [
				{ match: 'start', from: 0, until: 60, then: { preset: 'throttled', retryAfter: 5 } },
			],
			options: { maxTries: 2 },
		},
		{
			what: '429 for 3 s without Retry-After, Wait Timeout 8 s',
			server: { startSeconds: 2 },
			faults: [{ match: 'start', from: 0, until: 3, then: 'throttled' }],
			options: { waitTimeout: 8 },
		},
		{ what: '429 from the gateway, `APIGW.0308`, once', ...once('gatewayThrottled') },
		{ what: '429 from an older gateway, `APIG.0308`, once', ...once('oldGatewayThrottled') },
		{ what: '429 `Common.1503`, once', ...once('flowLimit429') },
		{ what: '202 with `Common.0024` inside, once', ...once('flowLimit202') },
		{ what: '413 `overLimit`, once', ...once('overLimit') },
		{ what: '503, once', ...once('serviceUnavailable') },
		{
			what: '503, once, `Retry-After: 20`',
			...once({ preset: 'serviceUnavailable', retryAfter: 20 }),
		},
		{
			what: '429 for a minute, without Retry-After',
			faults: [{ match: 'start', from: 0, until: 60, then: 'oldGatewayThrottled' }],
		},
		{ what: '429 for every start', ...always('throttled') },
		{ what: '202 with `Common.0024` inside for every start', ...always('flowLimit202') },
		{ what: '503 for every start', ...always('serviceUnavailable') },
		{
			what: 'a storm: 3 requests allowed in 30 s, for all that the project sends',
			others: [{}, {}, {}, {}],
			rateLimit: { requests: 3, seconds: 30 },
		},
	],
};

/** @type {Section} */
const LOST = {
	title: 'The answer is lost',
	about:
		'The start may have been taken. The server is looked at before anybody asks again, and asked again only if it is off with nothing under way.',
	cases: [
		{ what: 'connection cut before the start was taken', ...once('drop') },
		{ what: 'connection cut after the start was taken', ...once('dropAfter') },
		{ what: 'no answer, the start was not taken', ...once('hang') },
		{ what: 'no answer, the start was taken', ...once({ hang: 'after' }) },
		{ what: '500, the start was not taken', ...once('internalError') },
		{
			what: '500, the start was taken all the same',
			...once({ preset: 'internalError', afterEffect: true }),
		},
		{ what: '502 with a page, the start was not taken', ...once('badGateway') },
		{
			what: '502 with a page, the start was taken',
			...once({ preset: 'badGateway', afterEffect: true }),
		},
		{ what: '504 without a body, the start was not taken', ...once('gatewayTimeout') },
		{
			what: '504 without a body, the start was taken',
			...once({ preset: 'gatewayTimeout', afterEffect: true }),
		},
		{ what: '408', ...once({ status: 408, body: '' }) },
		{
			what: '400 `Ecs.1000`, the compute service failed behind the API',
			...once(ecs(400, 'Ecs.1000', 'Failed to access Nova.')),
		},
		{
			what: '400 `Ecs.1000` around a refusal of Nova',
			...once(
				ecs(
					400,
					'Ecs.1000',
					'Failed to access Nova: {"forbidden": {"code": 403, "message": "Quota exceeded for instances"}}',
				),
			),
		},
		{
			what: '400 `Ecs.1100`, a passing fault of the cloud',
			...once(
				ecs(
					400,
					'Ecs.1100',
					'A system exception occurred. Try again later or contact customer service.',
				),
			),
		},
		{
			what: '501 `Ecs.0603`, an earlier command is being executed',
			...once(ecs(501, 'Ecs.0603', 'The commands are being executed. Try again later.')),
		},
		{
			what: '503, once, and the start was taken all the same',
			...once({ preset: 'serviceUnavailable', afterEffect: true }),
		},
		{
			what: 'starts answer 502 for 30 s, looks work',
			faults: [{ match: 'start', from: 0, until: 30, then: 'badGateway' }],
		},
		{ what: 'every start is cut', ...always('drop') },
		{ what: '500 for every start', ...always('internalError') },
		{ what: '502 for every start', ...always('badGateway') },
		{ what: 'no answer to any start', ...always('hang') },
		{
			what: 'connection cut before the start was taken, and no look gives an answer after it',
			faults: [
				{ match: 'start', times: 1, then: 'drop' },
				{ match: 'read', then: 'drop' },
			],
		},
	],
};

/** @type {Section} */
const NETWORK = {
	title: 'No way to the cloud',
	about: 'The request never left, so nothing can have been taken.',
	cases: [
		{ what: 'connection refused, once', network: { code: 'ECONNREFUSED', times: 1 } },
		{ what: 'connection refused each time', network: { code: 'ECONNREFUSED' } },
		{ what: 'the name of the endpoint is not known', network: { code: 'ENOTFOUND' } },
		{
			what: 'the certificate is signed by itself',
			network: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
		},
		{
			what: 'the certificate is for another name',
			network: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
		},
		{ what: 'no TLS at the other end', network: { code: 'EPROTO' } },
		{
			what: 'n8n could not store the token of a new login, once',
			network: { code: 'SQLITE_BUSY', times: 1, inside: true },
		},
		{ what: 'the certificate has run out', network: { code: 'CERT_HAS_EXPIRED' } },
		{
			what: 'the same, for a server whose turn had not come',
			others: [{}],
			network: { code: 'CERT_HAS_EXPIRED' },
		},
		{
			what: '407 from a proxy that wants a login',
			...once({ status: 407, headers: HTML, body: PAGE }),
		},
		{ what: '407 without a body', ...once({ status: 407, headers: {}, body: '' }) },
	],
};

/** @type {Section} */
const CONFLICT = {
	title: 'The server is not in a state to start from',
	about: 'The cloud answers 409. What that means is read from the server, never from the words.',
	cases: [
		{ what: 'it runs already', server: { status: 'ACTIVE' } },
		{
			what: 'it runs already, and Fail If Already Done is on',
			server: { status: 'ACTIVE' },
			options: { failIfAlreadyDone: true },
		},
		{ what: 'somebody else has just started it', meanwhile: [{ at: 0, what: 'start' }] },
		{
			what: 'it is just being stopped',
			server: { status: 'ACTIVE' },
			meanwhile: [{ at: 0, what: 'stop' }],
		},
		{
			what: 'it is just being stopped, the stop ends, and no try is left',
			server: { status: 'ACTIVE' },
			meanwhile: [{ at: 0, what: 'stop' }],
			options: { maxTries: 1 },
		},
		{
			what: 'it is just being stopped, and Wait Until Running is off',
			server: { status: 'ACTIVE' },
			meanwhile: [{ at: 0, what: 'stop' }],
			wait: false,
		},
		{
			what: 'it is just being stopped, and that never ends',
			server: { status: 'ACTIVE', taskState: 'powering-off' },
		},
		{
			what: 'it is just being restarted, and that never ends',
			server: { status: 'ACTIVE', taskState: 'rebooting' },
		},
		{ what: 'it is still being built', server: { status: 'BUILD', taskState: 'spawning' } },
		{ what: 'it is locked', server: { locked: true } },
		{ what: 'it runs and is locked', server: { status: 'ACTIVE', locked: true } },
		{ what: 'ERROR', server: { status: 'ERROR' } },
		{ what: 'PAUSED', server: { status: 'PAUSED' } },
		{ what: 'SUSPENDED', server: { status: 'SUSPENDED' } },
		{ what: 'SHELVED', server: { status: 'SHELVED' } },
		{ what: 'SHELVED_OFFLOADED', server: { status: 'SHELVED_OFFLOADED' } },
		{ what: 'RESCUE', server: { status: 'RESCUE' } },
		{ what: 'VERIFY_RESIZE', server: { status: 'VERIFY_RESIZE' } },
		{ what: 'a status that nobody knows', server: { status: 'FROZEN' } },
		{
			what: '409, though the server is off with nothing under way',
			...always(nova(409, 'conflictingRequest', 'The server is busy.')),
		},
		{
			what: '400 `Ecs.0100`, wrong state, and the server runs',
			server: { status: 'ACTIVE' },
			...once(ecs(400, 'Ecs.0100', 'The ECS status does not meet the requirements.')),
		},
		{
			what: '400 `Ecs.0605`, locked',
			server: { locked: true },
			...once(ecs(400, 'Ecs.0605', 'The ECS is locked.')),
		},
	],
};

/** @type {Section} */
const REFUSED = {
	title: 'The cloud refuses for good',
	about: 'Asking again would not help. After a refused credential nothing more is sent.',
	cases: [
		{ what: '401, the token is not valid', ...once('tokenRefused') },
		{
			what: 'the same, for a server whose turn had not come',
			others: [{}],
			...once('tokenRefused'),
		},
		{
			what: '401 `APIGW.0301`',
			...once(gateway(401, 'APIGW.0301', 'Incorrect IAM authentication information')),
		},
		{
			what: '400 `APIG.0602`, the security token has expired',
			...once(gateway(400, 'APIG.0602', 'Bad request: the security token has expired')),
		},
		{
			what: '401 that speaks of the project',
			...once({
				status: 401,
				body: {
					message:
						"Malformed request URL: URL's project_id '77b6a44c' doesn't match Context's project_id 'null'",
					request_id: '5b1f3c',
				},
			}),
		},
		{
			what: '401 `Common.0013`',
			...once(ecs(401, 'Common.0013', 'Authentication failed.')),
		},
		{
			what: '403, Nova’s policy',
			...once(
				nova(
					403,
					'forbidden',
					"Policy doesn't allow os_compute_api:servers:start to be performed.",
				),
			),
		},
		{ what: '403 `Pdp.0001`', ...once('policyForbids') },
		{
			what: '403 `Ecs.0003`, permission or balance',
			...once(
				ecs(403, 'Ecs.0003', 'You do not have the permission, or the balance is insufficient.'),
			),
		},
		{
			what: '403 `Ecs.0066`, the account is blocked',
			...once(ecs(403, 'Ecs.0066', 'The account is in arrears.')),
		},
		{ what: '403 with a quota in its words', ...once('quotaExceeded') },
		{ what: '403 without a body, from a firewall', ...once({ status: 403, body: '' }) },
		{ what: '403 with a page, from a proxy', ...once({ status: 403, headers: HTML, body: PAGE }) },
		{
			what: '400 `Ecs.0319`, no capacity for the flavor',
			...once(ecs(400, 'Ecs.0319', 'Insufficient capacity of the flavor.')),
		},
		{
			what: '400, Nova: the project in the credential is not that of the token',
			credential: { projectId: '0123456789abcdef0123456789abcdef' },
		},
		{
			what: '400 `Ecs.0023`, the same from ECS',
			...once(ecs(400, 'Ecs.0023', 'The project ID in the URL differs from that in the token.')),
		},
		{
			what: '400 `Common.0018`, the same from the gateway',
			...once(ecs(400, 'Common.0018', 'The tenant ID is inconsistent with that in the token.')),
		},
		{
			what: '400 without a code, with its words and its ID',
			...once({
				status: 400,
				body: { message: 'The body is no JSON object', request_id: '5b1f3c' },
			}),
		},
		{
			what: '400 `Ecs.0005`, with its reason in the details',
			...once({
				status: 400,
				body: {
					error: {
						code: 'Ecs.0005',
						message: 'Invalid parameter.',
						details: [{ code: 'Ecs.0114', message: 'The ECS does not exist.' }],
					},
				},
			}),
		},
		{
			what: '400 without any of these codes',
			...once(nova(400, 'badRequest', 'Malformed request body')),
		},
		{ what: '404, no such server', unknown: true },
		{
			what: '404 `Ecs.0114`, no such server',
			...once(ecs(404, 'Ecs.0114', 'The ECS does not exist.')),
		},
		{ what: '410', ...once({ status: 410, body: '' }) },
		{
			what: '404 from a web framework: no such path, a wrong endpoint',
			...once({
				status: 404,
				body: {
					message: 'The resource could not be found.',
					code: '404 Not Found',
					title: 'Not Found',
				},
			}),
		},
		{
			what: '404 from Keystone: the IAM endpoint in place of the ECS endpoint',
			...once({
				status: 404,
				body: { error: { code: 404, message: 'Could not find: /v2.1.', title: 'Not Found' } },
			}),
		},
		{ what: '404 from Kong: no such route', ...once('noRoute') },
		{ what: '404 from Apigee: no such proxy', ...once('apigeeFault') },
		{ what: '404 with a page', ...once({ status: 404, headers: HTML, body: PAGE }) },
		{ what: '404 without a body', ...once({ status: 404, body: '' }) },
		{
			what: '404 from OTC’s gateway: it knows no such API',
			...once({ status: 404, body: { message: 'API not found', request_id: '8d5d97e7922979d9' } }),
		},
		{
			what: '404 `APIGW.0101` from the gateway',
			...once(gateway(404, 'APIGW.0101', 'The API does not exist or has not been published')),
		},
		{
			what: '405',
			...once(nova(405, 'badMethod', 'The method is not allowed for the requested URL.')),
		},
		{
			what: '501',
			...once(nova(501, 'notImplemented', 'The requested functionality is not supported.')),
		},
		{
			what: '300, a choice of versions',
			...once({ status: 300, body: { choices: [{ id: 'v2.1', status: 'CURRENT' }] } }),
		},
		{
			what: '302 to another host',
			...once({ status: 302, headers: { ...HTML, location: 'https://login.example/' }, body: '' }),
		},
		{ what: '200 with a page', ...once({ status: 200, headers: HTML, body: PAGE }) },
		{ what: '202 with a page', ...once({ status: 202, headers: HTML, body: PAGE }) },
	],
};

/** @type {Section} */
const FAILING = {
	title: 'The cloud accepts, and the start fails',
	about: 'A start that failed is not repeated: it would most likely fail again.',
	cases: [
		{
			what: 'back to SHUTOFF after 12 s',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 12 } },
		},
		{
			what: 'back to SHUTOFF before anybody looked',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 0.2 } },
		},
		{
			what: 'the same with a Wait Timeout of 8 s',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 0.2 } },
			options: { waitTimeout: 8 },
		},
		{
			what: 'the same in a cloud that shows no list of actions',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 0.2 } },
			cloud: { actionLog: false },
		},
		{
			what: 'the same in a cloud whose list of actions gives 500 for a minute',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 0.2 } },
			faults: [{ match: 'action-log', from: 0, until: 60, then: 'internalError' }],
		},
		{
			what: 'back to SHUTOFF after 12 s, and no error on record',
			server: { startBehaviour: { kind: 'vanishes', seconds: 12 } },
		},
		{ what: 'ERROR after 12 s', server: { startBehaviour: { kind: 'error', seconds: 12 } } },
		{
			what: 'it runs, and goes off 2 s later, before anybody looked',
			server: { startSeconds: 2, startBehaviour: { kind: 'diesAfter', seconds: 2 } },
		},
		{
			what: 'it runs when it is looked at, and goes off later',
			server: { startBehaviour: { kind: 'diesAfter', seconds: 30 } },
		},
		{
			what: 'it never gets there: powering-on to the end',
			server: { startBehaviour: { kind: 'never' } },
		},
		{
			what: 'the gateway queues it for 40 s, and it starts',
			server: { startBehaviour: { kind: 'queued', seconds: 40 } },
		},
		{
			what: 'the cloud says ACTIVE while the guest is off, and stops it',
			server: { startBehaviour: { kind: 'noop', seconds: 15 } },
		},
		{
			what: 'the cloud says ACTIVE to the end, and the guest is off',
			server: { startBehaviour: { kind: 'noop', seconds: 600 } },
		},
		{ what: 'somebody deletes it meanwhile', meanwhile: [{ at: 7, what: 'delete' }] },
		{ what: 'something puts it into ERROR meanwhile', meanwhile: [{ at: 7, what: 'fail' }] },
		{
			what: 'it takes longer than Wait Timeout',
			server: { startSeconds: 400 },
		},
	],
};

/** So many that they are looked at in lists. */
const TWELVE = { others: Array.from({ length: 11 }, () => ({})) };

/** @type {Section} */
const LOOKS = {
	title: 'The cloud accepts, and looking goes wrong',
	about: 'A look that failed is no verdict on the server: it is repeated at the next poll.',
	cases: [
		{
			what: 'looks answer 500 for a minute',
			faults: [{ match: 'read', from: 0, until: 60, then: 'internalError' }],
		},
		{
			what: 'looks answer 429 for a minute',
			faults: [{ match: 'read', from: 0, until: 60, then: 'throttled' }],
		},
		{
			what: 'looks are cut for a minute',
			faults: [{ match: 'read', from: 0, until: 60, then: 'drop' }],
		},
		{
			what: 'looks get a page for a minute',
			faults: [
				{ match: 'read', from: 0, until: 60, then: { status: 200, headers: HTML, body: PAGE } },
			],
		},
		{ what: 'looks never work', faults: [{ match: 'read', then: 'internalError' }] },
		{ what: 'looks get no answer at all', faults: [{ match: 'read', then: 'hang' }] },
		{
			what: '403: reading a server is not allowed',
			faults: [
				{
					match: 'read',
					then: nova(
						403,
						'forbidden',
						"Policy doesn't allow os_compute_api:servers:show to be performed.",
					),
				},
			],
		},
		{
			what: '403: listing servers is not allowed, reading one is (12 servers)',
			others: Array.from({ length: 11 }, () => ({})),
			faults: [
				{
					match: 'list',
					then: nova(
						403,
						'forbidden',
						"Policy doesn't allow os_compute_api:servers:detail to be performed.",
					),
				},
			],
		},
		{
			what: '500 for every list, reading a server works (12 servers)',
			...TWELVE,
			faults: [{ match: 'list', then: 'internalError' }],
		},
		{
			what: '504 for every list, reading a server works (12 servers)',
			...TWELVE,
			faults: [{ match: 'list', then: 'gatewayTimeout' }],
		},
		{
			what: 'every list takes 40 s, reading a server works (12 servers)',
			...TWELVE,
			faults: [{ match: 'list', then: { delayAfter: 40 } }],
		},
		{
			what: 'a server is deleted between two pages of a list (12 servers)',
			...TWELVE,
			cloud: { maxLimit: 5 },
			faults: [
				{
					match: { kind: 'list', path: 'marker=' },
					times: 1,
					then: nova(400, 'badRequest', 'marker [616fb98f] not found'),
				},
			],
		},
		{
			what: '404 of a gateway at looks for a minute',
			faults: [{ match: 'read', from: 0, until: 60, then: 'apiNotFound' }],
		},
		{
			what: '404 of a gateway at every list, reading a server works (12 servers)',
			...TWELVE,
			faults: [{ match: 'list', then: 'apiNotPublished' }],
		},
		{
			what: '404 of a gateway at one look',
			faults: [{ match: 'read', times: 1, then: 'noRoute' }],
		},
		{
			what: '403: neither is allowed (12 servers)',
			others: Array.from({ length: 11 }, () => ({})),
			faults: [
				{
					match: { kind: ['read', 'list'] },
					then: nova(
						403,
						'forbidden',
						"Policy doesn't allow os_compute_api:servers to be performed.",
					),
				},
			],
		},
		{
			what: '406: this Nova does not know the microversion',
			faults: [
				{
					match: 'read',
					times: 1,
					then: nova(406, 'computeFault', 'Version 2.26 is not supported by the API.'),
				},
			],
		},
		{
			what: '401: the token ends while the start is waited for',
			faults: [{ match: 'read', after: 1, then: 'tokenRefused' }],
		},
	],
};

const BATCH = { sendAs: 'oneBatchRequest' };

/** @type {Rule} */
const DENIED_IN_V1 = {
	match: 'batch',
	then: ecs(403, 'Pdp.0001', "Policy doesn't allow ecs:cloudServers:start to be performed."),
};

/** @type {Rule} */
const UNKNOWN_JOB = {
	match: 'job',
	then: { status: 400, body: { code: 'Common.0011', message: 'Invalid job ID.' } },
};

/**
 * How a call of ECS v1 for an action goes wrong in passing, in the same way for many servers and for one.
 *
 * @param {string} what that is asked for
 * @param {Record<string, unknown>} options
 * @returns {FaultCase[]}
 */
const passingTroubles = (what, options) => [
	{
		what: '429, once',
		options,
		faults: [{ match: 'batch', times: 1, then: 'throttled' }],
	},
	{
		what: `connection cut after the ${what} was taken`,
		options,
		faults: [{ match: 'batch', times: 1, then: 'dropAfter' }],
	},
	{
		what: `connection cut before the ${what} was taken`,
		options,
		faults: [{ match: 'batch', times: 1, then: 'drop' }],
	},
];

/** @type {Section} */
const BATCHES = {
	title: 'One batch request',
	about:
		'How to Send is One Batch Request: many servers in one call, and a job that tells of each.',
	cases: [
		{ what: 'nothing goes wrong', options: BATCH },
		{ what: 'plain OpenStack: there is no such call (300)', options: BATCH, cloud: { v1: false } },
		{
			what: '404 without a code: there is no such call',
			options: BATCH,
			faults: [{ match: 'batch', then: { status: 404, body: '' } }],
		},
		{
			what: '404 `APIGW.0101` from a gateway: no such API',
			options: BATCH,
			faults: [{ match: 'batch', then: 'apiNotPublished' }],
		},
		{
			what: '404 of a gateway at looks at the job for a minute',
			options: BATCH,
			faults: [{ match: 'job', from: 0, until: 60, then: 'apiNotFound' }],
		},
		{
			what: 'a server that fell back, after an answer to the batch was lost',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 4 } },
			options: BATCH,
			faults: [{ match: 'batch', times: 1, then: 'serviceUnavailable' }],
		},
		{
			what: '400 `Ecs.0118`, too many servers in one call',
			options: BATCH,
			faults: [
				{ match: 'batch', then: ecs(400, 'Ecs.0118', 'The number of servers exceeds the limit.') },
			],
		},
		{
			what: '403 `Pdp.0001`: one request per server may be allowed all the same',
			options: BATCH,
			faults: [DENIED_IN_V1],
		},
		...passingTroubles('batch', BATCH),
		{
			what: '200 without a job, and nothing was taken',
			options: BATCH,
			faults: [{ match: 'batch', times: 1, then: { status: 200, body: {} } }],
		},
		{ what: 'the server runs already', server: { status: 'ACTIVE' }, options: BATCH },
		{ what: 'the server is locked', server: { locked: true }, options: BATCH },
		{
			what: 'the job FAILs: this server fell back to SHUTOFF',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 12 } },
			options: BATCH,
		},
		{
			what: 'the job FAILs: this server went into ERROR',
			server: { startBehaviour: { kind: 'error', seconds: 12 } },
			options: BATCH,
		},
		{
			what: 'the job FAILs because of another server, and this one started',
			others: [{ startBehaviour: { kind: 'fallsBack', seconds: 12 } }],
			options: BATCH,
		},
		{
			what: 'the job ends without a word on this server',
			options: BATCH,
			cloud: { subJobMissing: true },
		},
		{
			what: 'a server that is not there, in a batch with others',
			others: [{}],
			unknown: true,
			options: BATCH,
		},
		{
			what: 'the whole batch is refused with 404 `Ecs.0114` because of another server',
			others: [{}],
			options: BATCH,
			faults: [{ match: 'batch', times: 1, then: ecs(404, 'Ecs.0114', 'The ECS does not exist.') }],
		},
		{
			what: 'looks at the job answer 500 for a minute',
			options: BATCH,
			faults: [{ match: 'job', from: 0, until: 60, then: 'internalError' }],
		},
		{
			what: 'the job is not known (400 `Common.0011`)',
			options: BATCH,
			faults: [UNKNOWN_JOB],
		},
		{
			what: 'the job never ends',
			server: { startBehaviour: { kind: 'never' } },
			options: BATCH,
		},
	],
};

const BY_V1 = { apiVersion: 'v1' };
const NO_NOVA = ['nova act', 'nova read', 'nova list', 'nova actionLog'];
const NO_V1 = ['v1 act', 'v1 read', 'v1 list', 'v1 job'];

/** @type {Section} */
const ECS_V1 = {
	title: 'Through ECS v1',
	about:
		'API Version is ECS v1, where the row does not name Automatic: one request per server, as a batch of one, after a look at it.',
	cases: [
		{ what: 'nothing goes wrong', options: BY_V1 },
		{
			what: 'Automatic, and the cloud has no Nova: 404 `APIGW.0101`',
			cloud: { unpublished: NO_NOVA, unpublishedAs: 'apiNotPublished' },
		},
		{
			what: 'Automatic, and the cloud has no Nova: 404 without a code',
			cloud: { unpublished: NO_NOVA, unpublishedAs: 'apiNotFound' },
		},
		{
			what: 'Automatic, and the cloud has ECS v1 for actions alone',
			cloud: { unpublished: ['nova act', 'v1 read', 'v1 list'] },
		},
		{
			what: 'Automatic, and the cloud has ECS v1 for reads alone',
			cloud: { unpublished: ['v1 act', 'nova read', 'nova list'] },
		},
		{
			what: 'Automatic, and the cloud has neither',
			cloud: { unpublished: [...NO_NOVA, ...NO_V1] },
		},
		{ what: 'the cloud has no ECS v1', options: BY_V1, cloud: { unpublished: NO_V1 } },
		{ what: 'plain OpenStack has no ECS v1 (300)', options: BY_V1, cloud: { v1: false } },
		{
			what: 'API Version is Nova 2.1, and the cloud has no Nova',
			options: { apiVersion: 'v2.1' },
			cloud: { unpublished: NO_NOVA },
		},
		{ what: 'the server runs already', server: { status: 'ACTIVE' }, options: BY_V1 },
		{ what: 'the server is locked', server: { locked: true }, options: BY_V1 },
		{ what: 'the server is not there', unknown: true, options: BY_V1 },
		{
			what: 'it runs already, and the look before is not allowed (403)',
			server: { status: 'ACTIVE' },
			wait: false,
			options: BY_V1,
			faults: [{ match: { method: 'GET' }, then: 'policyForbids' }],
		},
		{
			what: 'it runs already, and looks answer 500 for 30 s',
			server: { status: 'ACTIVE' },
			options: BY_V1,
			faults: [{ match: 'read', from: 0, until: 30, then: 'internalError' }],
		},
		{
			what: '403 `Pdp.0001`',
			options: BY_V1,
			faults: [DENIED_IN_V1],
		},
		{
			what: '403 to looks',
			options: BY_V1,
			faults: [{ match: 'read', then: 'policyForbids' }],
		},
		{
			what: '501 `Ecs.0603`, once: another command is being executed',
			options: BY_V1,
			faults: [
				{
					match: 'batch',
					times: 1,
					then: ecs(501, 'Ecs.0603', 'Commands are being executed, try again 1 minute later.'),
				},
			],
		},
		{
			what: '501 `Ecs.0603` again and again',
			options: BY_V1,
			faults: [
				{
					match: 'batch',
					then: ecs(501, 'Ecs.0603', 'Commands are being executed, try again 1 minute later.'),
				},
			],
		},
		{
			what: '400 `Ecs.0611`, once: the batch failed',
			options: BY_V1,
			faults: [{ match: 'batch', times: 1, then: ecs(400, 'Ecs.0611', 'Batch operation failed.') }],
		},
		{
			what: '400 with a code that nobody knows, and `Ecs.0319` in its details',
			options: BY_V1,
			faults: [
				{
					match: 'batch',
					then: {
						status: 400,
						body: {
							error: {
								code: 'Ecs.9999',
								message: 'It failed.',
								details: [{ code: 'Ecs.0319', message: 'No capacity.' }],
							},
						},
					},
				},
			],
		},
		...passingTroubles('start', BY_V1),
		{
			what: 'it fell back to SHUTOFF: its job says why',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 4 } },
			options: BY_V1,
		},
		{
			what: 'it went into ERROR',
			server: { startBehaviour: { kind: 'error', seconds: 12 } },
			options: BY_V1,
		},
		{
			what: 'it fell back to SHUTOFF, and the job is not known (400 `Common.0011`)',
			server: { startBehaviour: { kind: 'fallsBack', seconds: 4 } },
			options: BY_V1,
			faults: [UNKNOWN_JOB],
		},
		{ what: 'a stop', operation: 'stop', options: BY_V1 },
		{ what: 'a restart, proved by its job', operation: 'restart', options: BY_V1 },
		{
			what: 'a restart, and the connection was cut after it was taken: there is no job, nor a list of actions',
			operation: 'restart',
			options: BY_V1,
			faults: [
				{ match: 'batch', times: 1, then: 'dropAfter' },
				{ match: 'read', from: 1, until: 15, then: 'internalError' },
			],
		},
	],
};

/** @type {Section} */
const OUTAGES = {
	title: 'The whole cloud is out',
	about:
		'One request at a time probes for everybody, so that nobody’s tries are burnt while the cloud is out.',
	cases: [
		{
			what: '503 to everything for 10 s',
			faults: [{ from: 0, until: 10, then: 'serviceUnavailable' }],
		},
		{
			what: '503 to everything for 10 minutes',
			faults: [{ from: 0, until: 600, then: 'serviceUnavailable' }],
		},
		{
			what: 'the same with `Retry-After: 60`',
			faults: [{ from: 0, until: 600, then: { preset: 'serviceUnavailable', retryAfter: 60 } }],
		},
		{
			what: 'the same with `Retry-After: 60`, for a server whose turn never came (12 servers)',
			others: Array.from({ length: 11 }, () => ({})),
			faults: [{ from: 0, until: 600, then: { preset: 'serviceUnavailable', retryAfter: 60 } }],
		},
		{
			what: '502 to everything for 10 minutes',
			faults: [{ from: 0, until: 600, then: 'badGateway' }],
		},
		{
			what: 'every connection is cut for 10 minutes, from 5 s after the start was taken',
			faults: [{ from: 5, until: 605, then: 'drop' }],
		},
		{
			what: 'every connection is cut for 2 minutes, from 5 s after the start was taken',
			faults: [{ from: 5, until: 125, then: 'drop' }],
		},
		{
			what: 'no answer to anything for 10 minutes',
			faults: [{ from: 0, until: 600, then: 'hang' }],
		},
	],
};

/** @type {Section} */
const STOP = {
	title: 'A stop',
	about:
		'It takes the same road as a start. Where nothing is said here, what is said above of a start holds for it, too. The server runs at first.',
	cases: [
		{ what: 'nothing' },
		{ what: 'it is off', server: { status: 'SHUTOFF' } },
		{
			what: 'it is off (Fail If Already Done)',
			server: { status: 'SHUTOFF' },
			options: { failIfAlreadyDone: true },
		},
		{
			what: 'it is being started',
			server: { status: 'SHUTOFF' },
			meanwhile: [{ at: 0, what: 'start' }],
		},
		{ what: 'it is locked', server: { locked: true } },
		{ what: 'PAUSED', server: { status: 'PAUSED' } },
		{
			what: 'connection cut after the stop was taken',
			faults: [{ match: 'stop', times: 1, then: 'dropAfter' }],
		},
		{
			what: 'connection cut before the stop was taken',
			faults: [{ match: 'stop', times: 1, then: 'drop' }],
		},
		{ what: 'the guest does not react', server: { stopBehaviour: { kind: 'never' } } },
		{
			what: 'the stop fails, and the server runs on',
			server: { stopBehaviour: { kind: 'fallsBack', seconds: 8, times: 99 } },
		},
		{
			what: 'somebody starts it again 6 s later',
			meanwhile: [{ at: 6, what: 'start' }],
		},
	].map((one) => ({ .../** @type {FaultCase} */ (one), operation: 'stop' })),
};

/** @type {Section} */
const RESTART = {
	title: 'A restart',
	about:
		'A second reboot does harm, so that a restart is asked for again only where it is certain that it was not taken, and is `restarted` only with proof that the reboot happened: it was seen after the cloud took it, or the cloud has it on record. The server runs at first.',
	cases: [
		{ what: 'nothing' },
		{ what: 'with Forceful', forceful: true },
		{ what: 'it is off', server: { status: 'SHUTOFF' } },
		{ what: 'it is off, with Forceful', forceful: true, server: { status: 'SHUTOFF' } },
		{ what: 'it is in ERROR, with Forceful', forceful: true, server: { status: 'ERROR' } },
		{ what: 'it is being restarted by somebody else', meanwhile: [{ at: 0, what: 'reboot' }] },
		{ what: '429, once', faults: [{ match: 'reboot', times: 1, then: 'throttled' }] },
		{
			what: '503, once, and the restart was not taken',
			faults: [{ match: 'reboot', times: 1, then: 'serviceUnavailable' }],
		},
		{
			what: '503, once, and the cloud keeps no list of actions',
			faults: [{ match: 'reboot', times: 1, then: 'serviceUnavailable' }],
			cloud: { actionLog: false },
		},
		{
			what: 'connection cut after the restart was taken',
			faults: [{ match: 'reboot', times: 1, then: 'dropAfter' }],
		},
		{
			what: 'the same, and the cloud keeps no list of actions',
			faults: [{ match: 'reboot', times: 1, then: 'dropAfter' }],
			cloud: { actionLog: false },
		},
		{
			what: 'connection cut before the restart was taken',
			faults: [{ match: 'reboot', times: 1, then: 'drop' }],
		},
		{
			what: '502 with a page, the restart was not taken',
			faults: [{ match: 'reboot', times: 1, then: 'badGateway' }],
		},
		{
			what: 'n8n could not store the token of a new login, once',
			network: { code: 'SQLITE_BUSY', times: 1, inside: true },
		},
		{
			what: '404 `APIGW.0101` from a gateway: no such API',
			faults: [{ match: 'reboot', times: 1, then: 'apiNotPublished' }],
		},
		{ what: 'the guest does not react', server: { rebootBehaviour: { kind: 'never' } } },
		{
			what: 'the guest does not react, with Forceful',
			forceful: true,
			server: { rebootBehaviour: { kind: 'never' } },
		},
		{
			what: 'the reboot ends in ERROR',
			server: { rebootBehaviour: { kind: 'error', seconds: 8, times: 99 } },
		},
	].map((one) => ({ .../** @type {FaultCase} */ (one), operation: 'restart' })),
};

const SECTIONS = [
	SLOW_DOWN,
	LOST,
	NETWORK,
	CONFLICT,
	REFUSED,
	FAILING,
	LOOKS,
	BATCHES,
	ECS_V1,
	OUTAGES,
	STOP,
	RESTART,
];

module.exports = { SECTIONS };
