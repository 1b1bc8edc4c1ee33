// A dashboard as our files may be: Grafana's published types (which leave the options of a panel open), with the options of each panel type put in.
// validate.mjs makes JSON schemas of these that refuse unknown properties, missing ones and values that an enumeration does not have.
import type * as common from "@grafana/grafana-foundation-sdk/common";
import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import type * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import type * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import type * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type * as xychart from "@grafana/grafana-foundation-sdk/xychart";

type DataSource = { type: "prometheus"; uid: "${datasource}" };

type Query = Pick<prometheus.Dataquery, "expr" | "editorMode" | "exemplar" | "interval" | "hide"> & {
  refId: string;
  datasource: DataSource;
  legendFormat: string;
  instant: boolean;
  range: boolean;
  format: prometheus.PromQueryFormat;
};

interface JoinByField {
  id: "joinByField";
  options: { byField: string; mode: "outer" | "inner" | "outerTabular" };
}

type PanelOf<Type extends string, Options, Custom> = Omit<
  dashboard.Panel,
  "type" | "id" | "title" | "description" | "datasource" | "gridPos" | "targets" | "transformations" | "options" | "fieldConfig"
> & {
  type: Type;
  id: number;
  title: string;
  description: string;
  datasource: DataSource;
  gridPos: dashboard.GridPos;
  targets: Query[];
  transformations?: JoinByField[];
  options: Options;
  fieldConfig: {
    defaults: Omit<dashboard.FieldConfig, "custom"> & { custom?: Custom };
    overrides: { matcher: dashboard.MatcherConfig; properties: dashboard.DynamicConfigValue[] }[];
  };
};

export type Panels = {
  timeseries: PanelOf<"timeseries", timeseries.Options, timeseries.FieldConfig>;
  stat: PanelOf<"stat", stat.Options, never>;
  gauge: PanelOf<"gauge", gauge.Options, never>;
  heatmap: PanelOf<"heatmap", heatmap.Options, heatmap.FieldConfig>;
  "state-timeline": PanelOf<"state-timeline", statetimeline.Options, statetimeline.FieldConfig>;
  xychart: PanelOf<"xychart", xychart.Options, xychart.FieldConfig>;
  row: Omit<dashboard.RowPanel, "panels"> & { title: string; gridPos: dashboard.GridPos; panels: [] };
};

type Variable = Omit<dashboard.VariableModel, "current"> & { current: dashboard.VariableOption | Record<string, never> };

/** All but the panels. */
export type DashboardFile = Omit<dashboard.Dashboard, "panels" | "templating" | "snapshot" | "annotations"> & {
  uid: string;
  title: string;
  description: string;
  panels: unknown[];
  templating: { list: Variable[] };
  annotations: { list: Omit<dashboard.AnnotationQuery, "target">[] };
};

/** What an override may set, by the property's id: custom.NAME of the panel's type, or a standard one. */
export type Custom = {
  timeseries: timeseries.FieldConfig;
  heatmap: heatmap.FieldConfig;
  "state-timeline": statetimeline.FieldConfig;
  xychart: xychart.FieldConfig;
};
export type Standard = Omit<dashboard.FieldConfig, "custom">;
