'use strict';

const transform = { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] };

/** @param {string} name */
const project = (name) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	modulePathIgnorePatterns: [
		'<rootDir>/dist',
		'<rootDir>/tools/n8n/node_modules',
		'<rootDir>/tools/n8n/lines',
		'<rootDir>/test/engines',
	],
	transform,
});

/** @type {import('jest').Config} */
// The engine tests mostly wait: for servers of the simulator, not for the processor.
module.exports = {
	maxConcurrency: 10,
	maxWorkers: 2,
	projects: ['unit', 'engine', 'contract', 'model'].map(project),
};
