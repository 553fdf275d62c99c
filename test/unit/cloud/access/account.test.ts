import {
	COMPUTE_ENDPOINT,
	InvalidCredential,
	parseEndpoint,
	readAccount,
	refusePlainHttp,
} from '../../../../nodes/cloud/access/account';

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
const custom = (ecsEndpoint: unknown, more = {}) => ({
	cloud: 'custom',
	ecsEndpoint: ecsEndpoint as string,
	projectId: PROJECT,
	...more,
});
const endpointOf = (value: unknown, allowHttp = false) =>
	parseEndpoint(COMPUTE_ENDPOINT, value, allowHttp);

describe('a known cloud', () => {
	test('needs no endpoint', () => {
		expect(readAccount({ cloud: 'otc-eu-de', projectId: PROJECT })).toEqual({
			ecsEndpoint: 'https://ecs.eu-de.otc.t-systems.com',
			projectId: PROJECT,
			allowUnauthorizedCerts: false,
		});
	});

	test('ignores what was typed before the cloud was chosen', () => {
		const account = readAccount({
			...custom('http://evil.example', { allowHttp: true, allowUnauthorizedCerts: true }),
			cloud: 'otc-eu-nl',
		});
		expect(account).toMatchObject({
			ecsEndpoint: 'https://ecs.eu-nl.otc.t-systems.com',
			allowUnauthorizedCerts: false,
		});
	});

	test.each(['otc-eu-xx', '', undefined])('is one of the list, not %j', (cloud) => {
		expect(() => readAccount({ cloud: cloud as string, projectId: PROJECT })).toThrow(
			InvalidCredential,
		);
	});
});

describe('a cloud of your own', () => {
	test.each([
		['https://ecs.eu-de.otc.t-systems.com', 'https://ecs.eu-de.otc.t-systems.com'],
		['  https://nova.example.com \n', 'https://nova.example.com'],
		['https://nova.example.com/', 'https://nova.example.com'],
		['https://nova.example.com///', 'https://nova.example.com'],
		['https://nova.example.com:8774', 'https://nova.example.com:8774'],
		['https://NOVA.example.com:443', 'https://nova.example.com'],
		['HTTPS://nova.example.com', 'https://nova.example.com'],
		['https://cloud.example.com/compute', 'https://cloud.example.com/compute'],
		['https://cloud.example.com/compute/', 'https://cloud.example.com/compute'],
		// as service catalogs print it
		['https://nova.example.com/v2.1', 'https://nova.example.com'],
		['https://nova.example.com/v2.1/', 'https://nova.example.com'],
		['https://nova.example.com/v2', 'https://nova.example.com'],
		[`https://nova.example.com/v2.1/${PROJECT}`, 'https://nova.example.com'],
		[`https://nova.example.com/v2.1/${PROJECT}/`, 'https://nova.example.com'],
		// as it is copied from a request
		[`https://nova.example.com/v2.1/${PROJECT}/servers`, 'https://nova.example.com'],
		[`https://nova.example.com/v2.1/${PROJECT}/servers/detail`, 'https://nova.example.com'],
		[`https://ecs.example.com/v1/${PROJECT}`, 'https://ecs.example.com'],
		[`https://ecs.example.com/v1/${PROJECT}/cloudservers/detail`, 'https://ecs.example.com'],
		// as OpenStack lists endpoints
		['https://nova.example.com/v2.1/%(tenant_id)s', 'https://nova.example.com'],
		['https://nova.example.com/v2.1/$(project_id)s', 'https://nova.example.com'],
		// a prefix of one's own
		['https://gateway.example.com/v1', 'https://gateway.example.com/v1'],
		['https://gateway.example.com/v1/', 'https://gateway.example.com/v1'],
		[`https://cloud.example.com/compute/v2.1/${PROJECT}`, 'https://cloud.example.com/compute'],
		['https://[2001:db8::1]:8774', 'https://[2001:db8::1]:8774'],
		['https://192.0.2.7', 'https://192.0.2.7'],
	])('%s leads to %s', (typed, endpoint) => {
		expect(readAccount(custom(typed)).ecsEndpoint).toBe(endpoint);
	});

	test.each([
		[undefined, /empty/],
		[null, /empty/],
		['', /empty/],
		['   ', /empty/],
		[7, /https:\/\//],
		[null, /empty/],
		['ecs.eu-de.otc.t-systems.com', /https:\/\//],
		['ftp://nova.example.com', /https:\/\//],
		['javascript:alert(1)', /https:\/\//],
		['file:///etc/passwd', /https:\/\//],
		['https://', /https:\/\//],
		['https://nova example.com', /https:\/\//],
		['https://nova.example.com?x=1', /query/],
		['https://nova.example.com/?', /query/],
		['https://nova.example.com/#top', /query|fragment/],
		['https://user:secret@nova.example.com', /user name or password/],
		['https://user@nova.example.com', /user name or password/],
	])('%j is refused, with the name of the field', (typed, why) => {
		expect(() => endpointOf(typed)).toThrow(InvalidCredential);
		expect(() => endpointOf(typed)).toThrow(why);
		expect(() => endpointOf(typed)).toThrow(/'Compute Endpoint'/);
	});

	test.each(['', 'nova.example.com', 'https://nova.example.com?x=1'])(
		'%j is refused with an example of the field',
		(typed) => {
			const field = { title: 'Image Endpoint', example: 'https://glance.example.com:9292' };
			expect(() => parseEndpoint(field, typed, false)).toThrow(
				/'Image Endpoint'.* for example https:\/\/glance\.example\.com:9292$/,
			);
		},
	);

	test('a password in the address is not repeated', () => {
		expect(() => endpointOf('https://user:hunter22@nova.example.com')).not.toThrow(/hunter22/);
	});

	test('certificates are ignored where the user says so', () => {
		const typed = custom('https://nova.example.com', { allowUnauthorizedCerts: true });
		expect(readAccount(typed).allowUnauthorizedCerts).toBe(true);
		expect(readAccount(custom('https://nova.example.com')).allowUnauthorizedCerts).toBe(false);
	});
});

describe('plain http', () => {
	test.each([
		'http://localhost:8774',
		'http://LOCALHOST',
		'http://127.0.0.1:8774',
		'http://127.8.9.10',
		'http://[::1]:8774',
	])('goes to this machine itself: %s', (typed) => {
		expect(() => endpointOf(typed)).not.toThrow();
	});

	test.each([
		'http://nova.example.com',
		'http://192.168.0.7:8774',
		'http://localhost.example.com',
		'http://127.0.0.1.example.com',
		'http://128.0.0.1',
		'http://0.0.0.0',
		'http://[::2]',
		'HTTP://nova.example.com',
	])('goes to no other without permission: %s', (typed) => {
		expect(() => endpointOf(typed)).toThrow(InvalidCredential);
		expect(() => endpointOf(typed)).toThrow(/Allow Plain HTTP/);
		expect(() => endpointOf(typed, true)).not.toThrow();
	});

	test('is allowed by the credential of a cloud of your own', () => {
		const typed = custom('http://nova.example.com', { allowHttp: true });
		expect(readAccount(typed).ecsEndpoint).toBe('http://nova.example.com');
		expect(() => readAccount(custom('http://nova.example.com', { allowHttp: 'yes' }))).toThrow(
			InvalidCredential,
		);
	});

	test('https needs no permission', () => {
		expect(() => refusePlainHttp(new URL('https://nova.example.com'), false)).not.toThrow();
	});
});

describe('a project ID', () => {
	test.each([
		PROJECT,
		` ${PROJECT}\n`,
		PROJECT.toUpperCase(),
		`${PROJECT}${PROJECT}`,
		'0b8d1a54-71d6-4b6a-9f0d-2d3f6d2f7a11',
		'1234567890',
	])('%j is one', (projectId) => {
		expect(readAccount({ cloud: 'otc-eu-de', projectId }).projectId).toBe(projectId.trim());
	});

	test.each([
		'demo',
		'admin',
		'eu-de',
		'eu-de_shop',
		'My Project',
		'cafe',
		PROJECT.slice(1),
		'shop1',
	])('the name %j is told from it, and where to find the ID', (projectId) => {
		const read = () => readAccount({ cloud: 'otc-eu-de', projectId });
		expect(read).toThrow(/'Project ID'.*not a name.*My Credentials.*openstack project list/);
	});

	test.each([
		undefined,
		'',
		'  ',
		{},
		'eu-de',
		'eu-de_shop',
		'../admin',
		'a/b',
		'eu de',
		'a?b',
		'a%2fb',
		'x'.repeat(65),
	])('%j is none', (projectId) => {
		const read = () => readAccount({ cloud: 'otc-eu-de', projectId: projectId as string });
		expect(read).toThrow(InvalidCredential);
		expect(read).toThrow(/'Project ID'/);
	});

	test('a number that an expression gives is one', () => {
		expect(readAccount({ cloud: 'otc-eu-de', projectId: 123 }).projectId).toBe('123');
	});
});

describe('a switch of a cloud of your own', () => {
	const HTTPS = 'https://nova.example.com';
	const HTTP = 'http://nova.example.com';

	test.each([true, 'true', ' TRUE '])('%j is on', (on) => {
		const account = readAccount(custom(HTTP, { allowHttp: on, allowUnauthorizedCerts: on }));
		expect(account).toMatchObject({ ecsEndpoint: HTTP, allowUnauthorizedCerts: true });
	});

	test.each([{}, { allowUnauthorizedCerts: false }, { allowUnauthorizedCerts: 'false' }])(
		'%j is off',
		(more) => {
			expect(readAccount(custom(HTTPS, more)).allowUnauthorizedCerts).toBe(false);
		},
	);

	test.each<[string, unknown]>(
		['allowHttp', 'allowUnauthorizedCerts'].flatMap((field) =>
			[undefined, null, '', 0, 1, 'yes', {}].map((value): [string, unknown] => [field, value]),
		),
	)('%s may not be %j, and is not taken for off', (field, value) => {
		const read = () => readAccount(custom(HTTPS, { [field]: value }));
		expect(read).toThrow(InvalidCredential);
		expect(read).toThrow(/in the credential must be true or false/);
	});

	test('is not looked at for a known cloud', () => {
		const known = { ...custom('', { allowHttp: 'yes' }), cloud: 'otc-eu-de' };
		expect(() => readAccount(known)).not.toThrow();
	});
});
