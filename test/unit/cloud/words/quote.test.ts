import { meansCredential, quote, unrepeated } from '../../../../nodes/cloud/words/quote';

test.each([
	[{ message: 'no such device', httpStatus: 500 }, ': no such device (HTTP 500)'],
	[{ message: 'no such device.', httpStatus: 500 }, ': no such device (HTTP 500)'],
	[{ message: 'v1.2 is out' }, ': v1.2 is out'],
	[{ message: '', httpStatus: 409, code: 'Ecs.0100' }, ' (HTTP 409, Ecs.0100)'],
	[{ message: 'reset', code: 'ECONNRESET' }, ': reset (ECONNRESET)'],
	[{ message: '' }, ''],
])('%j is quoted as %j', (fault, words) => {
	expect(quote(fault)).toBe(words);
});

test.each([
	['that only name the server again are left out', 'Instance 616f could not be found', ''],
	['that say more are kept', 'Its cell is down', 'Its cell is down'],
])('words of the cloud %s', (_, message, told) => {
	expect(unrepeated({ message, httpStatus: 404 }, '616f')).toEqual({
		message: told,
		httpStatus: 404,
	});
});

describe('a request that the cloud does not accept is blamed on', () => {
	test.each([
		['another status than 400', { httpStatus: 404, message: 'API not found' }],
		['no status', { message: 'x' }],
		['Ecs.0023', { httpStatus: 400, code: 'Ecs.0023', message: 'x' }],
		['Common.0018', { httpStatus: 400, code: 'Common.0018', message: 'x' }],
		['no words, as of a page', { httpStatus: 400, message: '' }],
		['words about a project', { httpStatus: 400, message: "URL's Project_id" }],
	])('the credential: %s', (_, fault) => {
		expect(meansCredential(fault)).toBe(true);
	});

	test.each([
		['any other 400', { httpStatus: 400, message: 'Invalid input' }],
		['a code that only begins so', { httpStatus: 400, code: 'Ecs.00231', message: 'x' }],
		['a code that only ends so', { httpStatus: 400, code: 'X.Common.0018', message: 'x' }],
		['another that only ends so', { httpStatus: 400, code: 'X.Ecs.0023', message: 'x' }],
		['a neighbour code', { httpStatus: 400, code: 'Common.00189', message: 'x' }],
	])('itself: %s', (_, fault) => {
		expect(meansCredential(fault)).toBe(false);
	});
});
