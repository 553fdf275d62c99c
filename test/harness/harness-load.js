// @ts-check
'use strict';

/** Loads n8n-core from a folder, and the built package so that it sees that n8n's n8n-workflow. */

const crypto = require('node:crypto');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');

/** @param {string} dir */
const requireFrom = (dir) => createRequire(path.join(path.resolve(dir), 'package.json'));

/** @param {string} coreDir  folder whose node_modules holds n8n-core and n8n-workflow */
function loadCore(coreDir) {
	// Both are read once, while n8n-core loads: it logs every failed node with its stack, and
	// writes a key of its own into its user folder.
	process.env.N8N_LOG_LEVEL ??= 'silent';
	process.env.N8N_USER_FOLDER = path.join(os.tmpdir(), 'n8n-engine-harness');
	const requireThere = requireFrom(coreDir);
	requireThere('reflect-metadata');
	const {
		CredentialTestContext,
		WorkflowExecute,
		ExecutionLifecycleHooks,
		HookContext,
		LoadOptionsContext,
		PollContext,
		WebhookContext,
	} = requireThere('n8n-core');
	const { Workflow, NodeHelpers, createRunExecutionData } = requireThere('n8n-workflow');
	letProcessEnd(requireThere);
	return {
		/** @type {string} */
		version: requireThere('n8n-core/package.json').version,
		CredentialTestContext,
		WorkflowExecute,
		ExecutionLifecycleHooks,
		HookContext,
		LoadOptionsContext,
		PollContext,
		WebhookContext,
		Workflow,
		NodeHelpers,
		// n8n 1.x has no such function: the plain object is what it wants.
		createRunExecutionData: createRunExecutionData ?? ((/** @type {object} */ data) => data),
	};
}

/**
 * Up to 2.8, n8n-core looks after SSH connections once a minute, with a timer that holds the process.
 *
 * @param {NodeJS.Require} requireThere
 */
function letProcessEnd(requireThere) {
	const requireInCore = createRequire(requireThere.resolve('n8n-core'));
	const { SSHClientsManager } = requireInCore('./execution-engine/ssh-clients-manager');
	requireInCore('@n8n/di').Container.get(SSHClientsManager).cleanupTimer?.unref();
}

/**
 * @param {string} packageDir
 * @param {string} coreDir
 */
function loadPackage(packageDir, coreDir) {
	const manifest = JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8'));
	const { nodes = [], credentials = [] } = manifest.n8n ?? {};
	const root = sharesWorkflow(packageDir, coreDir)
		? path.resolve(packageDir)
		: copyBeside(coreDir, packageDir, manifest);
	const load = (/** @type {string} */ file) => instantiate(path.join(root, file));
	return {
		/** @type {string} */
		name: manifest.name,
		/** @type {Record<string, import('n8n-workflow').INodeType>} */
		nodes: Object.fromEntries(
			nodes.map(load).map((/** @type {any} */ node) => {
				return [`${manifest.name}.${node.description.name}`, node];
			}),
		),
		/** @type {Record<string, import('n8n-workflow').ICredentialType>} */
		credentialTypes: Object.fromEntries(
			credentials.map(load).map((/** @type {any} */ type) => [type.name, type]),
		),
	};
}

/** n8n finds the class by the name of its file. @param {string} file */
function instantiate(file) {
	const [className] = path.basename(file).split('.');
	return new (require(file)[className])();
}

/**
 * Whether both see the same n8n-workflow. A package that brings another one than its n8n would
 * throw errors of classes that its n8n does not know.
 *
 * @param {string} packageDir
 * @param {string} coreDir
 */
function sharesWorkflow(packageDir, coreDir) {
	const wanted = requireFrom(coreDir).resolve('n8n-workflow');
	try {
		return requireFrom(packageDir).resolve('n8n-workflow') === wanted;
	} catch {
		return false;
	}
}

/**
 * Copies the built package below the engine's node_modules, into a folder named after its content,
 * so that several test processes can do this at the same time.
 *
 * @param {string} coreDir
 * @param {string} packageDir
 * @param {{ name: string, n8n: { nodes?: string[], credentials?: string[] } }} manifest
 */
function copyBeside(coreDir, packageDir, { name, n8n: { nodes = [], credentials = [] } }) {
	const folders = [...nodes, ...credentials].map((file) => file.split('/')[0]);
	const files = [...new Set(folders)].flatMap((folder) =>
		fs
			.readdirSync(path.join(packageDir, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && /\.js(on)?$/.test(entry.name))
			.map((entry) => path.relative(packageDir, path.join(entry.parentPath, entry.name))),
	);
	const hash = crypto.createHash('sha256');
	for (const file of files) hash.update(file).update(fs.readFileSync(path.join(packageDir, file)));

	const cache = path.join(path.resolve(coreDir), 'node_modules/.cache', name);
	const target = path.join(cache, hash.digest('hex').slice(0, 16));
	if (fs.existsSync(target)) return target;
	fs.mkdirSync(cache, { recursive: true });
	const draft = fs.mkdtempSync(path.join(cache, 'draft-'));
	for (const file of files) fs.cpSync(path.join(packageDir, file), path.join(draft, file));
	try {
		fs.renameSync(draft, target);
	} catch {
		fs.rmSync(draft, { recursive: true }); // another process was first
	}
	return target;
}

module.exports = { loadCore, loadPackage };
