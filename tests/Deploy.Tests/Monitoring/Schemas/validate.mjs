// node validate.mjs DASHBOARD.json…: each against JSON schemas of types.ts, overrides against the options of their panel's type, units against Grafana's list.
import { readFileSync } from "node:fs";
import * as units from "@grafana/grafana-foundation-sdk/units";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const beside = (name) => new URL(name, import.meta.url).pathname;
// expose none: everything inlined, as the types of different panels share their names.
const generator = createGenerator({ path: beside("types.ts"), tsconfig: beside("tsconfig.json"), expose: "none", topRef: false, functions: "hide", additionalProperties: false });
const ajv = new Ajv({ allErrors: true, strict: false });
const [dashboard, panels, custom, standard] = ["DashboardFile", "Panels", "Custom", "Standard"].map((name) => generator.createSchema(name));
const checkDashboard = ajv.compile(dashboard);
const checkPanel = Object.fromEntries(Object.entries(panels.properties).map(([type, schema]) => [type, ajv.compile(schema)]));
const knownUnits = new Set(Object.values(units));

let faults = 0;
function fault(where, what) {
  faults++;
  console.error(`${where}: ${what}`);
}
function report(where, check, value) {
  if (!check(value)) for (const e of check.errors) fault(where, `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`);
}

function checkOverride(where, type, { id, value }) {
  const schema = id.startsWith("custom.") ? custom.properties[type]?.properties[id.slice("custom.".length)] : standard.properties[id];
  if (!schema) fault(where, `an override sets ${id}, which ${type} does not have`);
  else if (value !== null) report(`${where}, override ${id}`, ajv.compile(schema), value); // null takes a property back
}

for (const file of process.argv.slice(2)) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  report(file, checkDashboard, content);
  for (const panel of content.panels) {
    const where = `${file}, panel ${panel.id} "${panel.title}"`;
    if (!checkPanel[panel.type]) fault(where, `type ${panel.type} is not one of ${Object.keys(checkPanel)}`);
    else report(where, checkPanel[panel.type], panel);
    const overrides = panel.fieldConfig?.overrides.flatMap((o) => o.properties) ?? [];
    for (const property of overrides) checkOverride(where, panel.type, property);
    const used = [panel.fieldConfig?.defaults.unit, panel.options?.yAxis?.unit, ...overrides.filter((p) => p.id === "unit").map((p) => p.value)];
    for (const unit of used) if (unit && !knownUnits.has(unit)) fault(where, `unit ${unit} is not one of Grafana's`);
  }
  console.log(`${file}: ${content.panels.length} panels and rows`);
}
process.exit(faults ? 1 : 0);
