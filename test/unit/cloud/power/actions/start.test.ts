import { START } from '../../../../../nodes/cloud/power/actions/start';

describe('what is sent', () => {
	test('is the start alone', () => {
		expect(START.body).toEqual({ 'os-start': {} });
	});

	test('names all servers of a batch', () => {
		expect(START.batchBody(['a', 'b'])).toEqual({
			'os-start': { servers: [{ id: 'a' }, { id: 'b' }] },
		});
	});
});
