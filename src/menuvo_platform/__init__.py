"""What runs inside the containers: guest Shop, restaurant Console, workers."""
