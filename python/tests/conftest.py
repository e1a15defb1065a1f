"""One profile for all properties: nothing depends on how fast the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile("ndwire", deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ndwire")
