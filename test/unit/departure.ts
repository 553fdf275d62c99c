import type { Departure } from '../../nodes/cloud/api/departure';

/** The departure of a request that has all the time it needs, or of one that was given up. */
export function aDeparture(begin: Departure['state'] = 'waiting'): Departure {
	let state = begin;
	return {
		get state() {
			return state;
		},
		leave() {
			if (state === 'missed') throw new Error('Too late');
			state = 'left';
			return 1_000;
		},
		comeBack() {
			if (state === 'left') state = 'waiting';
		},
	};
}
