from tests.alerts.scenes import pace, prepared, scene, scene_parts, values

__all__ = ["pace", "prepared", "scene", "scene_parts", "values"]
