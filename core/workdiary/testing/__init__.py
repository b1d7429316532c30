"""The conformance kit: what every plugin has promised, as tests to subclass.

A vendor overrides one fixture and inherits the rest::

    from workdiary.testing.sources import InputMeterContract

    class TestMyMeter(InputMeterContract):
        @pytest.fixture
        def plugin(self):
            import my_meter
            return my_meter

pytest is needed here and nowhere else in core: ``pip install workdiary[testing]``.
"""
