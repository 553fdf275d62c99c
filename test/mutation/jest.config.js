'use strict';

const { ROOM = 'cloud' } = process.env;

/**
 * The unit tests of one room, as the mutation tester runs them: without a check of types, which a mutant need
 * not pass, and which costs most of the time.
 * @type {import('jest').Config}
 */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/unit/${ROOM}/**/*.test.ts`],
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/tools/n8n/node_modules'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'test/mutation/tsconfig.json', diagnostics: false }],
	},
};
