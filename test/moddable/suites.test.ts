// Every portable suite in an image, on the SDK's natives.

import { testSuites } from "../support/moddable-suites.js";

testSuites({ title: "with the SDK's natives", name: "polltls-suites", manifest: "test/moddable/suites/manifest.json" });
