import { hintByCode, hintByReason, HINTS, inConsole } from '../../../../nodes/cloud/words/hints';

describe('a code that says more than its reason', () => {
	test.each(['Ecs.0066', 'Ecs.0067', 'Ecs.0068', 'Ecs.0069', 'Ecs.0070', 'Ecs.0071'])(
		'%s: payment',
		(code) => {
			expect(hintByCode(code)).toContain('payment');
		},
	);

	test.each([
		['APIGW.0602', 'security token'],
		['APIG.0602', 'security token'],
		['CERT_HAS_EXPIRED', 'has expired'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name'],
		['EPROTO', 'no TLS'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'does not trust'],
		['CERT_NOT_YET_VALID', 'does not trust'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'does not trust'],
		['ERR_TLS_HANDSHAKE', 'does not trust'],
		['Ecs.0319', 'no capacity'],
	])('%s: %s', (code, words) => {
		expect(hintByCode(code)).toContain(words);
	});

	test.each([
		undefined,
		'',
		'Ecs.0065',
		'Ecs.0072',
		'Ecs.00661',
		'X.Ecs.0066',
		'XAPIG.0602',
		'APIG.06021',
		'EPROTOX',
		'XEPROTO',
		'Ecs.03190',
		'XEcs.0319',
		'X_ERR_TLS',
		'ECONNRESET',
	])('%j does not', (code) => {
		expect(hintByCode(code)).toBeUndefined();
	});
});

describe('a reason alone', () => {
	test('says what to do next', () => {
		expect(hintByReason('throttled', { message: '', httpStatus: 400 })).toBe(HINTS.throttled);
	});

	test('leads to project and endpoint where the request went to the wrong place', () => {
		expect(hintByReason('invalidInput', { message: '', httpStatus: 404 })).toBe(HINTS.invalidInput);
	});

	test("leads to the cloud's words where the request itself was refused", () => {
		expect(hintByReason('invalidInput', { message: 'Invalid input', httpStatus: 400 })).toContain(
			'The words of the cloud',
		);
	});
});

test('what is done in a console names the command that does the same without one', () => {
	expect(inConsole('server unlock')).toBe('in the cloud console (or: openstack server unlock)');
	expect(hintByReason('locked', { message: '' })).toContain(inConsole('server unlock'));
});
