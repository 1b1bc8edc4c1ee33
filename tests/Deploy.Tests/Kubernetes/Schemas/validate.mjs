// node validate.mjs FILE.yaml …: every document against the published schema of its kind, core kinds and custom resources alike.
// Twice, since neither sees all: the schema's validator (required members, enumerations, quantities, formats) and the TypeScript compiler
// on the document as a literal of the kind's interface (members that do not exist).
import { readFileSync, writeFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import ts from 'typescript';

const packages = { 'keda.sh': 'keda', 'monitoring.coreos.com': 'prometheus-operator', 'cert-manager.io': 'cert-manager' };
const moduleOf = (apiVersion) => {
  const maker = packages[apiVersion.split('/')[0]];
  return maker ? `@kubernetes-models/${maker}/${apiVersion}` : `kubernetes-models/${apiVersion}`;
};

/** What the validator of its kind says of a document. */
async function validatorSays(document) {
  const models = await import(moduleOf(document.apiVersion)).catch(() => null);
  const Model = models?.[document.kind];
  if (!Model) return [`there is no schema for ${document.apiVersion} ${document.kind}`];
  try {
    new Model(document).validate();
    return [];
  } catch (e) {
    return [e.message];
  }
}

/** What the compiler says of each document; one program for all. */
function compilerSays(documents) {
  const files = documents.map((document, i) => {
    writeFileSync(`document${i}.ts`,
      `import type { I${document.kind} } from '${moduleOf(document.apiVersion)}';\nexport const document: I${document.kind} = ${JSON.stringify(document, null, 1)};\n`);
    return `document${i}.ts`;
  });
  const program = ts.createProgram(files, { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] });
  return files.map((file) => program.getSemanticDiagnostics(program.getSourceFile(file)).map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' ')));
}

/** Copies of a document with one mistake each; the check must see them all. */
function* spoilt(document) {
  yield { ...document, specification: {} };
  yield { ...document, kind: `${document.kind}s` };
  if (document.kind === 'ScaledObject') {
    yield { ...document, spec: { ...document.spec, minReplicas: 0 } };
    yield { ...document, spec: { ...document.spec, scaleTargetRef: {} } };
    yield { ...document, spec: { ...document.spec, triggers: [{ ...document.spec.triggers[0], metadata: { threshold: 1 } }] } };
  }
  if (document.kind === 'PodMonitor') {
    const [endpoint] = document.spec.podMetricsEndpoints;
    yield { ...document, spec: { ...document.spec, podMetricsEndpoints: [{ ...endpoint, bearerToken: 'x' }] } };
    yield { ...document, spec: { ...document.spec, podMetricsEndpoints: [{ ...endpoint, scheme: 'tls' }] } };
    yield { ...document, spec: { podMetricsEndpoints: [endpoint] } };
  }
  if (document.kind === 'Certificate') yield { ...document, spec: { ...document.spec, issuerRef: undefined } };
  if (document.kind === 'Deployment') {
    const { template } = document.spec;
    const [container] = template.spec.containers;
    const withContainer = (more) => ({ ...document, spec: { ...document.spec, template: { ...template, spec: { ...template.spec, containers: [{ ...container, ...more }] } } } });
    yield withContainer({ livenessProbe: { grpc: { service: '' } } });
    yield withContainer({ livenessProbe: { grpcs: { port: 1 } } });
    yield withContainer({ resources: { limits: { cpu: '1x' } } });
    yield withContainer({ imagePullPolicy: 'Sometimes' });
  }
}

const checks = [];
for (const file of process.argv.slice(2)) {
  for (const document of loadAll(readFileSync(file, 'utf8')).filter(Boolean)) {
    checks.push({ file, document, right: true });
    for (const wrong of spoilt(document)) checks.push({ file, document: JSON.parse(JSON.stringify(wrong)), right: false });
  }
}

const compiled = compilerSays(checks.map((c) => c.document));
let failed = 0;
for (const [i, { file, document, right }] of checks.entries()) {
  const faults = [...await validatorSays(document), ...compiled[i]];
  if (right === (faults.length === 0)) continue;
  failed++;
  const what = `${file}: ${document.kind} ${document.metadata.name}`;
  console.error(right ? `${what}: ${faults.join('; ')}` : `${what}: a mistake is not seen in ${JSON.stringify(document).slice(0, 300)}`);
}

const documents = checks.filter((c) => c.right).length;
console.log(`${documents} documents against their published schemas, ${checks.length - documents} deliberate mistakes: ${failed} faults`);
process.exit(failed === 0 && documents > 0 ? 0 : 1);
