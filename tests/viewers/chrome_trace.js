// What Chrome's trace viewer (chrome://tracing) makes of a trace: node chrome_trace.js FILE prints
// its model as JSON. Times are in milliseconds.
'use strict';

const fs = require('fs');
const path = require('path');

const root = path.dirname(require.resolve('traceviewer/package.json'));
require(path.join(root, 'catapult_build', 'node_bootstrap.js'));  // Defines HTMLImportsLoader.
const tracing = path.join(root, 'tracing');
const thirdParty = path.join(tracing, 'third_party');
HTMLImportsLoader.addArrayToSourcePath(
    [tracing, thirdParty, ...['gl-matrix/dist', 'jszip', 'd3'].map(name => path.join(thirdParty, name))]);
HTMLImportsLoader.loadHTML('/tracing/importer/import.html');
HTMLImportsLoader.loadHTML('/tracing/model/model.html');
HTMLImportsLoader.loadHTML('/tracing/extras/importer/trace_event_importer.html');

const model = new tr.Model();
// Else the first event is moved to time 0.
const options = new tr.importer.ImportOptions();
options.shiftWorldToZero = false;
new tr.importer.Import(model, options).importTraces([fs.readFileSync(process.argv[2], 'utf8')]);

const slice = found => found && {thread: found.parentContainer.name, start: found.start};
console.log(JSON.stringify({
  warnings: model.importWarnings.map(warning => warning.message),
  threads: model.getAllThreads().map(thread => ({
    name: thread.name,
    slices: thread.sliceGroup.slices.map(
        each => ({title: each.title, start: each.start, args: each.args}))})),
  flows: model.flowEvents.map(flow => ({from: slice(flow.startSlice), to: slice(flow.endSlice)})),
  counters: model.getAllCounters().map(counter => ({
    name: counter.name,
    samples: counter.timestamps.map((time, i) => [time, counter.series[0].samples[i].value])})),
}));
