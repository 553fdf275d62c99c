import { compare, type Report } from '../../../tools/survivors';

const SOURCE = 'function isTime(ms?: number) {\n\treturn ms !== undefined && ms > 0;\n}\n';

/** The `true` for `ms !== undefined` in the second line, and what became of it. */
const report = (status: string): Report => ({
	files: {
		'nodes/cloud/api/time.ts': {
			source: SOURCE,
			mutants: [
				{
					status,
					replacement: 'true',
					location: { start: { line: 2, column: 9 }, end: { line: 2, column: 25 } },
				},
			],
		},
	},
});

const KNOWN = {
	'cloud/api/time': [
		{
			line: 'return ms !== undefined && ms > 0;',
			mutants: ['return true && ms > 0;'],
			why: 'undefined is not more than 0',
		},
	],
};
const SHOWN = 'cloud/api/time\n- return ms !== undefined && ms > 0;\n+ return true && ms > 0;';

test('a survivor that is known to be equal in effect is none to mend', () => {
	expect(compare(report('Survived'), KNOWN)).toEqual({
		tried: 1,
		caught: 0,
		unknown: [],
		outdated: [],
	});
});

test.each(['Survived', 'NoCoverage'])('a new survivor is shown with its line (%s)', (status) => {
	expect(compare(report(status), {}).unknown).toEqual([SHOWN]);
});

test('a known survivor that is caught by now is shown, too', () => {
	expect(compare(report('Killed'), KNOWN)).toMatchObject({ caught: 1, outdated: [SHOWN] });
});

test('what was left alone was not tried', () => {
	expect(compare(report('Ignored'), {})).toMatchObject({ tried: 0, caught: 0, unknown: [] });
});

test('what is known of other files does not matter', () => {
	expect(compare({ files: {} }, KNOWN).outdated).toEqual([]);
});
