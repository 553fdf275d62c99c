/** Which servers are watched, and what that needs of the cloud. */
import {
	type Choice,
	filtersOf,
	fits,
	needsCause,
	needsFitting,
	onlyOne,
	type Watch,
} from '../../../../nodes/cloud/changes/watch';
import { idOf } from '../../servers';
import { row, WATCH } from './stories';

const of = (choice: Choice, more: Partial<Watch> = {}): Watch => ({ ...WATCH, choice, ...more });
const chosen = (...ids: string[]) => of({ kind: 'chosen', ids: new Set(ids) });
const tagged = of({ kind: 'matching', filters: { tags: ['a'] } });
const named = of({ kind: 'matching', filters: { name: 'web' } });

test('all fit, those that match, or those that were chosen', () => {
	const [one, other] = [row(1, 'ACTIVE', 0, { tags: ['a=1'] }), row(2, 'ACTIVE')];

	expect([one, other].map((each) => fits(WATCH, each))).toEqual([true, true]);
	expect([one, other].map((each) => fits(tagged, each))).toEqual([true, false]);
	expect([one, other].map((each) => fits(chosen(idOf(2)), each))).toEqual([false, true]);
});

test('only filters can be left to the cloud', () => {
	expect([WATCH, chosen(idOf(1)), named].map(filtersOf)).toEqual([{}, {}, { name: 'web' }]);
});

test('the IDs of all that fit are needed where deleted servers have lost their tags', () => {
	expect([WATCH, named, tagged].map(needsFitting)).toEqual([false, false, true]);
	expect(needsFitting({ ...tagged, events: new Set(['stopped']) })).toBe(false);
});

test('one chosen server is read by itself', () => {
	expect(onlyOne(chosen(idOf(1)))).toBe(idOf(1));
	expect(onlyOne(chosen(idOf(1), idOf(2)))).toBeUndefined();
	expect(onlyOne(WATCH)).toBeUndefined();
});

test.each([
	['all', ['stopped'], false],
	['notRequested', ['stopped'], true],
	['requested', ['stopped'], true],
	['notRequested', ['failed'], false],
] as const)(
	'with Stops to Report on %s and %j the cause is needed: %s',
	(stopCause, events, is) => {
		expect(needsCause({ ...WATCH, stopCause, events: new Set(events) })).toBe(is);
	},
);
