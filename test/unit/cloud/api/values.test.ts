import { toNumber, toSwitch, toText, toWords } from '../../../../nodes/cloud/api/values';

const NOTHING = [undefined, null, {}, Symbol('x'), () => true, NaN, Infinity];

describe('a switch', () => {
	test.each([true, 'true', 'TRUE', ' True\n'])('%j is on', (value) => {
		expect(toSwitch(value)).toBe(true);
	});

	test.each([false, 'false', 'FALSE', ' False '])('%j is off', (value) => {
		expect(toSwitch(value)).toBe(false);
	});

	test.each([...NOTHING, '', ' ', 0, 1, '0', '1', 'yes', 'no', 'on', [], [true], ['true']])(
		'%p is neither',
		(value) => {
			expect(toSwitch(value)).toBeUndefined();
		},
	);
});

describe('a text', () => {
	test.each<[unknown, string]>([
		['web', 'web'],
		[' web ', ' web '],
		['', ''],
		[123, '123'],
		[0, '0'],
	])('%j', (value, text) => {
		expect(toText(value)).toBe(text);
	});

	test.each([...NOTHING, true, false, [], ['web']])('%p is none', (value) => {
		expect(toText(value)).toBeUndefined();
	});
});

describe('a number', () => {
	test.each<[unknown, number]>([
		[7, 7],
		[0, 0],
		['7', 7],
		[' 2.5 ', 2.5],
		[-1, -1],
	])('%j', (value, number) => {
		expect(toNumber(value)).toBe(number);
	});

	test.each([...NOTHING, '', ' ', 'many', '7 days', true, [7]])('%p is none', (value) => {
		expect(toNumber(value)).toBeUndefined();
	});
});

describe('words', () => {
	test.each<[unknown, string[]]>([
		['env=test', ['env=test']],
		[' env=test , nightly ', ['env=test', 'nightly']],
		[
			['env=test', ' nightly'],
			['env=test', 'nightly'],
		],
		[
			['a,b', 'c'],
			['a', 'b', 'c'],
		],
		[2026, ['2026']],
		[
			['a', 7],
			['a', '7'],
		],
	])('%j', (value, words) => {
		expect(toWords(value)).toEqual(words);
	});

	test.each([
		...NOTHING,
		'',
		' ',
		',',
		' , ',
		'a,',
		',a',
		'a,,b',
		[],
		[''],
		[' '],
		['a', ''],
		['a', null],
		[['a']],
	])('%p has one that is empty or no text', (value) => {
		expect(toWords(value)).toBeUndefined();
	});
});
