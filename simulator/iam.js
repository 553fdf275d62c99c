// @ts-check
'use strict';

/** Keystone v3 as far as a client needs it: log in, look at a token, find one's projects. */

const { isObject, pythonJson } = require('./call');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Token} Token
 * @typedef {import('./cloud').User} User
 *
 * @typedef {Pick<Token, 'userId' | 'projectId' | 'methods'> & Partial<Token>} Grant
 */

const TRIES = 5;
const LOCK_MS = 15 * 60_000;
const ROLE_IDS = /** @type {const} */ ({
	admin: '1c9b2f0d1f1f4d6f8f0b6f2b5f6a7d01',
	member: '0e9c23b1720c4f8a8eef02ff997817f4',
	reader: '349f07852bee4b41a4f41fee51879723',
});
/** Each role implies those after it. */
const ROLES = /** @type {const} */ (['admin', 'member', 'reader']);

const METHODS = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'];

const MALFORMED =
	'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';
const UNAUTHORIZED = 'The request you have made requires authentication.';

/**
 * @param {Call} call
 * @param {number} status
 * @param {string} body
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
function answer({ requestId }, status, body, headers = {}) {
	return {
		status,
		headers: {
			'content-type': 'application/json',
			vary: 'X-Auth-Token',
			'x-openstack-request-id': requestId,
			...headers,
		},
		body,
	};
}

/**
 * Keystone writes its errors without blanks, and ends them with a newline.
 *
 * @param {Call} call
 * @param {number} status
 * @param {string} title
 * @param {string} message
 * @param {object} [more]
 */
function error(call, status, title, message, more = {}) {
	const body = `${JSON.stringify({ error: { code: status, ...more, message, title } })}\n`;
	const headers =
		status === 401 ? { 'www-authenticate': `Keystone uri="${call.origin}/v3"` } : undefined;
	return answer(call, status, body, headers);
}

/** @param {Call} call */
function unauthorized(call) {
	return error(call, 401, 'Unauthorized', UNAUTHORIZED);
}

/**
 * @param {Call} call
 * @param {string} problem
 */
function badRequest(call, problem) {
	return error(call, 400, 'Bad Request', `${problem} ${MALFORMED}`);
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function iam(cloud, call) {
	const route = `${call.method} ${call.segments.slice(1).join('/')}`;
	switch (route) {
		case 'GET ':
			return versionDocument(call);
		case 'POST auth/tokens':
			return login(cloud, call);
		case 'GET auth/tokens':
			return showToken(cloud, call);
		case 'DELETE auth/tokens':
			return revoke(cloud, call);
		case 'GET auth/projects':
			return listProjects(cloud, call);
		case 'GET projects':
			// For administrators; members find theirs under auth/projects.
			return forbidden(cloud, call, 'identity:list_projects');
		default:
			return call.path === '/v3/auth/tokens' ? wrongMethod(call) : noSuchPage(call);
	}
}

/** @param {Call} call */
function wrongMethod(call) {
	const body = `${pythonJson({ message: 'The method is not allowed for the requested URL.' })}\n`;
	return answer(call, 405, body, { allow: 'HEAD, DELETE, OPTIONS, GET, POST' });
}

/** @param {Call} call */
function noSuchPage(call) {
	const text =
		'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';
	return answer(
		call,
		404,
		`<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>${text}</p>\n`,
		{ 'content-type': 'text/html; charset=utf-8' },
	);
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {string} action
 */
function forbidden(cloud, call, action) {
	if (cloud.validToken(call.headers['x-auth-token']) === null) return unauthorized(call);
	const message = `You are not authorized to perform the requested action: ${action}.`;
	return error(call, 403, 'Forbidden', message);
}

/** @param {Call} call */
function versionDocument(call) {
	const version = {
		id: 'v3.14',
		status: 'stable',
		updated: '2020-04-07T00:00:00Z',
		links: [{ rel: 'self', href: `${call.origin}/v3/` }],
		'media-types': [
			{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' },
		],
	};
	return answer(call, 200, pythonJson({ version }));
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function login(cloud, call) {
	const type = (call.headers['content-type'] ?? '').split(';')[0].trim();
	if (type !== '' && type !== 'application/json') {
		return badRequest(call, 'Expecting to find application/json in Content-Type header.');
	}
	if (call.body.length > 0 && type !== '' && !isObject(call.json)) {
		return badRequest(call, 'Expecting to find valid JSON in request body.');
	}
	const auth = isObject(call.json) ? call.json.auth : undefined;
	if (!isObject(auth) || !isObject(auth.identity) || !Array.isArray(auth.identity.methods)) {
		return badRequest(call, 'Expecting to find auth in request body.');
	}
	const { identity, scope } = auth;
	const methods = /** @type {unknown[]} */ (identity.methods).map(String);
	const unknown = methods.find((method) => !METHODS.includes(method));
	if (unknown !== undefined) {
		const text = 'Attempted to authenticate with an unsupported method.';
		return error(call, 401, 'Unauthorized', text, { identity: { methods: METHODS } });
	}
	if (methods.length === 0) return unauthorized(call);
	const badScope = scopeProblem(scope);
	if (badScope !== null) return badRequest(call, badScope);
	if (methods.includes('application_credential')) {
		return loginByApplicationCredential(cloud, call, identity, scope);
	}
	if (methods.includes('token')) return rescope(cloud, call, identity, scope);
	return loginByPassword(cloud, call, identity, scope);
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Record<string, unknown>} identity
 * @param {unknown} scope
 */
function loginByPassword(cloud, call, identity, scope) {
	if (!isObject(identity.password)) {
		return badRequest(call, 'Expecting to find password in identity.');
	}
	const given = identity.password.user;
	if (!isObject(given)) return badRequest(call, 'Expecting to find user in None.');
	if (given.id === undefined && given.domain === undefined) {
		return badRequest(call, 'Expecting to find domain in user.');
	}
	const user = findUser(cloud, given);
	if (user === null) return unauthorized(call);

	const lockout = cloud.lockouts.get(user.id);
	if (lockout !== undefined && lockout.lockedUntil > cloud.now) return locked(call);
	if (given.password !== user.password) {
		countFailure(cloud, user.id);
		return unauthorized(call);
	}
	cloud.lockouts.delete(user.id);

	const projectId = scopedProject(cloud, user, scope);
	if (projectId === undefined) return unauthorized(call);
	return created(cloud, call, { userId: user.id, projectId, methods: ['password'] });
}

/**
 * The form in which Open Telekom Cloud tells that a user is locked.
 *
 * @param {Call} call
 */
function locked(call) {
	const body = {
		error_msg: 'The account has been locked because of too many failed login attempts.',
		error_code: 'IAM.0061',
	};
	return answer(call, 401, JSON.stringify(body));
}

/**
 * @param {Cloud} cloud
 * @param {string} userId
 */
function countFailure(cloud, userId) {
	if (!cloud.settings.loginLockout) return;
	const refused = (cloud.lockouts.get(userId)?.refused ?? 0) + 1;
	const lockedUntil = refused >= TRIES ? cloud.now + LOCK_MS : 0;
	cloud.lockouts.set(userId, { refused: lockedUntil > 0 ? 0 : refused, lockedUntil });
}

/**
 * @param {Cloud} cloud
 * @param {Record<string, unknown>} given by id, or by name within a domain
 * @returns {User | null}
 */
function findUser(cloud, given) {
	if (typeof given.id === 'string') return cloud.users.get(given.id) ?? null;
	if (!isDomain(cloud, given.domain)) return null;
	return [...cloud.users.values()].find((user) => user.name === given.name) ?? null;
}

/**
 * @param {Cloud} cloud
 * @param {unknown} domain
 */
function isDomain({ domain: { id, name } }, domain) {
	return isObject(domain) && (domain.id === id || domain.name === name);
}

/**
 * @param {unknown} scope
 * @returns {string | null} what Keystone misses in it
 */
function scopeProblem(scope) {
	if (!isObject(scope)) return null;
	const { project, domain, system } = scope;
	if (project === undefined && domain === undefined && system === undefined) {
		return 'Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope.';
	}
	const nameless = isObject(project) && project.id === undefined && project.domain === undefined;
	return nameless ? 'Expecting to find domain in project.' : null;
}

/**
 * @param {Cloud} cloud
 * @param {User} user
 * @param {unknown} scope
 * @returns {string | null | undefined} null: unscoped; undefined: no such project, or no role there
 */
function scopedProject(cloud, user, scope) {
	if (scope === undefined) return user.defaultProjectId;
	if (!isObject(scope)) return null;
	// Nobody here has a role in the domain itself.
	if (!isObject(scope.project)) return undefined;
	const { id, name, domain } = scope.project;
	const project =
		id === undefined
			? [...cloud.projects.values()].find(
					(candidate) => isDomain(cloud, domain) && candidate.name === name,
				)
			: cloud.projects.get(String(id));
	return project !== undefined && project.id in user.roles ? project.id : undefined;
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Record<string, unknown>} identity
 * @param {unknown} scope
 */
function loginByApplicationCredential(cloud, call, identity, scope) {
	const given = identity.application_credential;
	if (!isObject(given)) {
		return badRequest(call, 'Expecting to find application_credential in identity.');
	}
	if (scope !== undefined) {
		const problem = 'Application credentials cannot request a scope.';
		return error(
			call,
			401,
			'Unauthorized',
			`Error authenticating with application credential: ${problem}`,
			{ identity: {} },
		);
	}
	const credential =
		typeof given.id === 'string'
			? cloud.applicationCredentials.get(given.id)
			: [...cloud.applicationCredentials.values()].find(
					({ name, userId }) =>
						name === given.name &&
						isObject(given.user) &&
						findUser(cloud, given.user)?.id === userId,
				);
	if (credential === undefined && typeof given.id === 'string') {
		return notFound(call, `Could not find Application Credential: ${given.id}.`);
	}
	if (credential === undefined || credential.secret !== given.secret) return unauthorized(call);
	return created(cloud, call, {
		userId: credential.userId,
		projectId: credential.projectId,
		methods: ['application_credential'],
		applicationCredentialId: credential.id,
	});
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Record<string, unknown>} identity
 * @param {unknown} scope
 */
function rescope(cloud, call, identity, scope) {
	const given = isObject(identity.token) ? String(identity.token.id) : undefined;
	const token = cloud.validToken(given);
	const user = token === null ? undefined : cloud.users.get(token.userId);
	if (token === null || user === undefined) return unknownToken(call);
	const projectId = scopedProject(cloud, user, scope);
	if (projectId === undefined) return unauthorized(call);
	return created(cloud, call, {
		userId: user.id,
		projectId,
		methods: [...new Set([...token.methods, 'token'])],
		// A token does not live longer by being exchanged.
		expiresAt: token.expiresAt,
	});
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Grant} grant
 */
function created(cloud, call, grant) {
	const token = cloud.issueToken(grant);
	return answer(call, 201, pythonJson({ token: tokenView(cloud, call, token) }), {
		'x-subject-token': token.id,
	});
}

/** @param {number} at */
function microseconds(at) {
	return `${new Date(at).toISOString().slice(0, 19)}.000000Z`;
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Token} token
 */
function tokenView(cloud, call, token) {
	const user = /** @type {User} */ (cloud.users.get(token.userId));
	const credential =
		token.applicationCredentialId === null
			? undefined
			: cloud.applicationCredentials.get(token.applicationCredentialId);
	return {
		methods: token.methods,
		user: { domain: cloud.domain, id: user.id, name: user.name, password_expires_at: null },
		audit_ids: token.auditIds,
		expires_at: microseconds(token.expiresAt),
		issued_at: microseconds(token.issuedAt),
		...(token.projectId === null ? {} : scopeView(cloud, call, user, token.projectId)),
		application_credential: credential && {
			id: credential.id,
			name: credential.name,
			restricted: true,
		},
	};
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {User} user
 * @param {string} projectId
 */
function scopeView(cloud, call, user, projectId) {
	const project = cloud.projects.get(projectId);
	return {
		project: { domain: cloud.domain, id: projectId, name: project?.name },
		is_domain: false,
		roles: ROLES.slice(ROLES.indexOf(user.roles[projectId])).map((name) => ({
			id: ROLE_IDS[name],
			name,
		})),
		catalog: call.query.has('nocatalog')
			? undefined
			: [
					catalogEntry('identity', 'keystone', `${call.origin}/v3`),
					catalogEntry('compute', 'nova', `${call.origin}/v2.1/${projectId}`),
				],
	};
}

/**
 * @param {string} type
 * @param {string} name
 * @param {string} url
 */
function catalogEntry(type, name, url) {
	const endpoints = ['public', 'internal', 'admin'].map((kind) => ({
		id: `${type}-${kind}`,
		interface: kind,
		region_id: 'RegionOne',
		url,
		region: 'RegionOne',
	}));
	return { endpoints, id: `${type}-${name}`, type, name };
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 */
function showToken(cloud, call) {
	const asker = cloud.validToken(call.headers['x-auth-token']);
	if (asker === null) return unauthorized(call);
	const subjectId = call.headers['x-subject-token'];
	if (subjectId === undefined) return forbidden(cloud, call, 'identity:validate_token');
	const subject = cloud.validToken(subjectId);
	if (subject === null) return unknownToken(call);
	return answer(call, 200, pythonJson({ token: tokenView(cloud, call, subject) }), {
		'x-subject-token': subject.id,
	});
}

/**
 * @param {Call} call
 * @param {string} message
 */
function notFound(call, message) {
	return error(call, 404, 'Not Found', message);
}

/** @param {Call} call */
function unknownToken(call) {
	return notFound(call, 'Could not recognize Fernet token');
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 */
function revoke(cloud, call) {
	const asker = cloud.validToken(call.headers['x-auth-token']);
	if (asker === null) return unauthorized(call);
	const subject = cloud.validToken(call.headers['x-subject-token']);
	if (subject === null) return notFound(call, 'Failed to validate token');
	cloud.tokens.delete(subject.id);
	const done = answer(call, 204, '');
	delete done.headers['content-type'];
	return done;
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 */
function listProjects(cloud, call) {
	const token = cloud.validToken(call.headers['x-auth-token']);
	const user = token === null ? undefined : cloud.users.get(token.userId);
	if (user === undefined) return unauthorized(call);
	const name = call.query.get('name');
	const projects = [...cloud.projects.values()]
		.filter((project) => project.id in user.roles && (name === null || project.name === name))
		.map((project) => ({
			id: project.id,
			name: project.name,
			domain_id: cloud.domain.id,
			description: '',
			enabled: true,
			parent_id: cloud.domain.id,
			is_domain: false,
			tags: [],
			options: {},
			links: { self: `${call.origin}/v3/projects/${project.id}` },
		}));
	const links = { next: null, self: `${call.origin}${call.path}`, previous: null };
	return answer(call, 200, `${pythonJson({ projects, links })}\n`);
}

module.exports = { iam };
