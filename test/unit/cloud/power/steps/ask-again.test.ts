import { type Journey, newJourney } from '../../../../../nodes/cloud/power/journey';
import { askAgain } from '../../../../../nodes/cloud/power/steps/ask-again';
import { ID, RULES } from '../story';

const slowedDown = (tries: number): Journey => ({
	...newJourney(ID, true),
	attempts: tries,
	tries,
	refusal: { reason: 'throttled', fault: { httpStatus: 429, message: '' } },
});

test('a server is asked again while Max Tries has one left', () => {
	const journey = slowedDown(2);
	expect(askAgain(journey, { ...RULES, maxTries: 3 })).toEqual([journey, { do: 'ask' }]);
});

test('it is not asked again at Max Tries: it fails for the last refusal', () => {
	const [, step] = askAgain(slowedDown(3), { ...RULES, maxTries: 3 });
	expect(step).toMatchObject({ do: 'fail', failure: { reason: 'throttled', httpStatus: 429 } });
	expect(step).toHaveProperty('failure.message', expect.stringContaining('(3 tries)'));
});
