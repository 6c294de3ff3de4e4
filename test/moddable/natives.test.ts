// Our C, read by a compiler with the SDK's headers for the ESP32. ESP-IDF's own headers are stubs here: what is checked is that the code
// has all that it names of XS and of the SDK, which an image for Linux doesn't tell. Nothing is linked.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { MODDABLE_MISSING } from "../support/moddable-image.js";
import { requirePsa } from "../support/psa.js";

const stubs: Record<string, string> = {
	"lwip/netdb.h": "",
	"lwip/inet.h": "",
	"freertos/FreeRTOS.h":
		"#include <stdint.h>\ntypedef uint32_t TickType_t;\ntypedef void *QueueHandle_t, *TaskHandle_t, *SemaphoreHandle_t;\ntypedef int portMUX_TYPE;\n",
	"freertos/task.h": "",
	"esp_partition.h": "typedef struct { int none; } esp_partition_t;\ntypedef unsigned esp_partition_mmap_handle_t;\n",
	"sdkconfig.h": "#define CONFIG_ESP_WIFI_ENABLED 1\n#define CONFIG_BT_ENABLED 1\n",
	"esp_random.h": "#include <stddef.h>\nvoid esp_fill_random(void *bytes, size_t length);\n",
	"esp_wifi.h":
		"typedef int esp_err_t;\ntypedef enum { WIFI_MODE_NULL, WIFI_MODE_STA } wifi_mode_t;\n#define ESP_OK 0\nesp_err_t esp_wifi_get_mode(wifi_mode_t *mode);\n",
	"esp_bt.h": "typedef enum { ESP_BT_CONTROLLER_STATUS_ENABLED } esp_bt_controller_status_t;\nesp_bt_controller_status_t esp_bt_controller_get_status(void);\n",
	"mc.xs.h":
		"enum { xsID_e0 = 1, xsID_e1, xsID_e2, xsID_e3, xsID_e4, xsID_e5, xsID_e6, xsID_e7, xsID_field, xsID_p, xsID_mu, xsID_x, xsID_y, xsID_z, xsID_e, xsID_s, xsID_t, xsID_u1, xsID_x2, xsID_z2, xsID_x3, xsID_z3 };\n",
	"mc.defines.h": "",
};

const folder = join(projectRoot, "build", "moddable", "esp32-headers");
const files = readdirSync(join(projectRoot, "hosts", "moddable"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".c"));

for (const file of files)
	test(`hosts/moddable/${file} with the SDK's headers for the ESP32`, (context) => {
		if (MODDABLE_MISSING !== undefined) throw new Error(MODDABLE_MISSING);
		if (file.startsWith("psa/") && !requirePsa(context)) return;
		for (const [name, text] of Object.entries(stubs)) {
			mkdirSync(dirname(join(folder, name)), { recursive: true });
			writeFileSync(join(folder, name), text);
		}
		const sdk = process.env.MODDABLE ?? "";
		const folders = [folder, join(sdk, "xs/includes"), join(sdk, "xs/sources"), join(sdk, "xs/platforms/esp"), join(sdk, "modules/crypt/digest/kcl")];
		const flags = ["-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-function", "-DESP32=1", ...folders.flatMap((path) => ["-isystem", path])];
		const { status, stderr } = spawnSync("gcc", [...flags, join(projectRoot, "hosts", "moddable", file)], { encoding: "utf8", timeout: 60_000 });
		assert.equal(status, 0, stderr);
	});
