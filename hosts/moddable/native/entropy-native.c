// True random bytes of the platform; each answers 0 if it has none. An unknown platform doesn't compile: keys of a
// pseudo-random generator would be no secret.

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include "mc.defines.h"

#if ESP32
	// The hardware's generator is fed by the radio (Wi-Fi or Bluetooth). Without it the bytes are pseudo-random only
	// (ESP-IDF, Random Number Generation), unless the application has called bootloader_random_enable() and says so by
	// POLLTLS_ENTROPY_WITHOUT_RADIO ("defines": { "polltls": { "entropy_without_radio": 1 } }).
	#include "sdkconfig.h"
	#include "esp_random.h"
	// Weak: an application without Wi-Fi or Bluetooth isn't made to link them
	#if CONFIG_ESP_WIFI_ENABLED
		#include "esp_wifi.h"
		#pragma weak esp_wifi_get_mode
	#endif
	#if CONFIG_BT_ENABLED
		#include "esp_bt.h"
		#pragma weak esp_bt_controller_get_status
	#endif

	static int radioIsOn(void)
	{
	#if MODDEF_POLLTLS_ENTROPY_WITHOUT_RADIO
		return 1;
	#else
		#if CONFIG_ESP_WIFI_ENABLED
			wifi_mode_t mode;
			if (esp_wifi_get_mode && ESP_OK == esp_wifi_get_mode(&mode) && WIFI_MODE_NULL != mode)
				return 1;
		#endif
		#if CONFIG_BT_ENABLED
			if (esp_bt_controller_get_status && ESP_BT_CONTROLLER_STATUS_ENABLED == esp_bt_controller_get_status())
				return 1;
		#endif
		return 0;
	#endif
	}

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		if (!radioIsOn())
			return 0;
		esp_fill_random(bytes, size);
		return 1;
	}
	#define NO_ENTROPY "no entropy: switch Wi-Fi or Bluetooth on first"

#elif PICO_BUILD
	// RP2350: its true random number generator. RP2040: the ring oscillator's noise.
	#include "pico/rand.h"

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		while (size > 0) {
			rng_128_t random;
			size_t count = size < sizeof(random) ? size : sizeof(random);
			get_rand_128(&random);
			c_memcpy(bytes, &random, count);
			bytes += count;
			size -= count;
		}
		return 1;
	}

#elif nrf52
	// The SoftDevice owns the generator once it is enabled, and its pool refills while we wait.
	#include "nrf_soc.h"
	#include "nrf_sdm.h"
	#include "nrf_rng.h"

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		uint8_t isEnabled = 0;

		sd_softdevice_is_enabled(&isEnabled);
		if (isEnabled) {
			while (size > 0) {
				uint8_t available = 0;
				if (NRF_SUCCESS != sd_rand_application_bytes_available_get(&available))
					return 0;
				if (available > size)
					available = size;
				if (available && (NRF_SUCCESS == sd_rand_application_vector_get(bytes, available))) {
					bytes += available;
					size -= available;
				}
			}
			return 1;
		}
		nrf_rng_error_correction_enable(NRF_RNG);
		nrf_rng_task_trigger(NRF_RNG, NRF_RNG_TASK_START);
		while (size > 0) {
			nrf_rng_event_clear(NRF_RNG, NRF_RNG_EVENT_VALRDY);
			while (!nrf_rng_event_check(NRF_RNG, NRF_RNG_EVENT_VALRDY))
				;
			*bytes++ = nrf_rng_random_value_get(NRF_RNG);
			size--;
		}
		nrf_rng_task_trigger(NRF_RNG, NRF_RNG_TASK_STOP);
		return 1;
	}

#elif __ZEPHYR__
	// Needs CONFIG_CSPRNG_ENABLED and the board's entropy driver (hosts/moddable/manifest.json asks for them).
	#include <zephyr/random/random.h>

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		return 0 == sys_csrand_get(bytes, size);
	}

#elif defined(__linux__)
	#include <errno.h>
	#include <sys/random.h>

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		while (size > 0) {
			ssize_t count = getrandom(bytes, size, 0);
			if (count < 0) {
				if (EINTR == errno)
					continue;
				return 0;
			}
			bytes += count;
			size -= count;
		}
		return 1;
	}

#elif defined(__APPLE__)
	#include <stdlib.h>

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		arc4random_buf(bytes, size);
		return 1;
	}

#elif defined(_WIN32)
	#include <windows.h>
	#include <bcrypt.h>
	#pragma comment(lib, "bcrypt.lib")

	static int fillRandom(uint8_t *bytes, size_t size)
	{
		return 0 <= BCryptGenRandom(NULL, bytes, (ULONG)size, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
	}

#else
	#error polltls: no entropy source is known for this platform
#endif

#ifndef NO_ENTROPY
	#define NO_ENTROPY "no entropy"
#endif

void xs_polltls_fillRandom(xsMachine *the)
{
	void *data;
	xsUnsignedValue size;
	xsIntegerValue at = xsmcToInteger(xsArg(1));
	xsIntegerValue end = xsmcToInteger(xsArg(2));

	xsmcGetBufferWritable(xsArg(0), &data, &size);
	if (at < 0 || end < at || (xsUnsignedValue)end > size)
		xsRangeError("no such place");
	if (!fillRandom((uint8_t *)data + at, end - at))
		xsUnknownError(NO_ENTROPY);
}
