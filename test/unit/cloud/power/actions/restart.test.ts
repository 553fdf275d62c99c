import { restart } from '../../../../../nodes/cloud/power/actions/restart';

describe('what is sent', () => {
	test('is SOFT, and HARD with Forceful', () => {
		expect(restart(false).body).toEqual({ reboot: { type: 'SOFT' } });
		expect(restart(true).body).toEqual({ reboot: { type: 'HARD' } });
	});

	test('names all servers of a batch', () => {
		expect(restart(false).batchBody(['a', 'b'])).toEqual({
			reboot: { type: 'SOFT', servers: [{ id: 'a' }, { id: 'b' }] },
		});
	});
});
