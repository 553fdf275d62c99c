import { asking, begun, leaving, newJourney } from '../../../../nodes/cloud/power/journey';
import { ID, RULES } from './story';

const MINUTE = { ...RULES, waitTimeoutMs: 60_000 };

describe('a journey that has not begun', () => {
	test('has asked nothing, knows nothing, and has all the time there is', () => {
		const journey = newJourney(ID, true);
		expect(journey).toEqual({
			serverId: ID,
			wait: true,
			spentMs: 0,
			attempts: 0,
			tries: 0,
			deadline: Infinity,
			mayBeTaken: false,
			joined: false,
			askedAgain: false,
			seenOnTheWay: false,
			checked: false,
			recorded: false,
			jobDone: false,
			evidenceAt: 0,
		});
	});
});

describe('Wait Timeout', () => {
	test('begins with the first request', () => {
		const journey = begun(newJourney(ID, true), MINUTE, 5_000);
		expect(journey).toMatchObject({ firstRequestAt: 5_000, deadline: 65_000 });
	});

	test('does not begin anew with the next', () => {
		const journey = begun(begun(newJourney(ID, true), MINUTE, 5_000), MINUTE, 50_000);
		expect(journey).toMatchObject({ firstRequestAt: 5_000, deadline: 65_000 });
	});

	test('has less left where finding the server took some of it', () => {
		const journey = begun(newJourney(ID, true, 20_000), MINUTE, 5_000);
		expect(journey).toMatchObject({ firstRequestAt: 5_000, deadline: 45_000 });
	});
});

describe('an action request', () => {
	test('counts as it goes out', () => {
		const once = asking(newJourney(ID, true), MINUTE, 5_000);
		expect(once).toMatchObject({ attempts: 1, tries: 1, lastRequestAt: 5_000 });
		expect(asking(once, MINUTE, 9_000)).toMatchObject({
			attempts: 2,
			tries: 2,
			firstRequestAt: 5_000,
			lastRequestAt: 9_000,
			deadline: 65_000,
		});
	});

	test('that leaves only after a login was sent then, and its time has begun before', () => {
		const asked = asking(newJourney(ID, true), MINUTE, 5_000);
		expect(leaving(asked, 25_000)).toEqual({ ...asked, lastRequestAt: 25_000 });
	});

	test('is not counted by a look before it', () => {
		const looked = begun(newJourney(ID, true), MINUTE, 5_000);
		expect(looked).toMatchObject({ attempts: 0, tries: 0 });
		expect(looked.lastRequestAt).toBeUndefined();
	});
});
