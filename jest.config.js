'use strict';

const transform = { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] };

/** @param {string} name */
const project = (name) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/e2e', '<rootDir>/test/engines'],
	transform,
});

/** @type {import('jest').Config} */
module.exports = { projects: ['unit', 'engine', 'contract', 'model'].map(project) };
